// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import io.interlock.LockClient;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** All rules against one backend: runs tests one after another, and keeps what came of them. Confined to one thread at a time. */
public final class TckRun implements AutoCloseable {
    private final TckBackend backend;
    private final RunSettings settings;
    private final Set<Capability> capabilities;
    private final Measurements measurements = new Measurements();
    private final StallGuard guard = new StallGuard();
    private final Map<RuleId, RuleResult> results = new ConcurrentSkipListMap<>();
    private final Instant started;
    private final long startedNanos = System.nanoTime();

    /**
     * Gets ready: opens one client, to learn what the backend declares.
     *
     * @param backend whom to test; stays open
     * @param settings how
     */
    @WallClockAllowed
    public TckRun(TckBackend backend, RunSettings settings) {
        this.backend = backend;
        this.settings = settings;
        started = Instant.now();
        try (LockClient client = backend.newClient(ClientSpec.direct())) {
            capabilities = client.capabilities();
        } catch (RuntimeException | Error e) {
            guard.close();
            throw e;
        }
    }

    /**
     * Tests all rules that the settings include.
     *
     * @param backend whom to test; stays open
     * @param settings how
     * @param progress told of each verdict
     * @return what was found
     */
    public static BackendReport all(TckBackend backend, RunSettings settings, Consumer<RuleResult> progress) {
        try (var run = new TckRun(backend, settings)) {
            Sections.tests().stream()
                    .filter(test -> settings.includes(test.spec().id()))
                    .forEach(test -> progress.accept(run.run(test)));
            return run.report();
        }
    }

    /** {@return what the backend declares} */
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /**
     * Tests one rule, as often as the settings say; the worst verdict counts.
     *
     * @param test of the rule
     * @return the verdict
     */
    public RuleResult run(RuleTest test) {
        RuleResult result = new Attempts(test, backend, settings, capabilities, measurements, guard).result();
        results.put(test.spec().id(), result);
        return result;
    }

    /** {@return what was found so far, with a verdict on every rule of the catalogue} */
    public BackendReport report() {
        List<RuleResult> all = Catalogue.rules().all().stream()
                .map(spec -> Verdicts.of(spec, results, settings))
                .sorted(Comparator.comparing(RuleResult::rule))
                .toList();
        return new BackendReport(
                backend.id(),
                backend.servers(),
                version(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                settings.seed(),
                settings.scale(),
                settings.repeat(),
                started,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                capabilities,
                Labels.of(all),
                all,
                measurements.summary());
    }

    private static String version() {
        return KitVersion.text().orElse("unpackaged");
    }

    @Override
    public void close() {
        guard.close();
    }
}
