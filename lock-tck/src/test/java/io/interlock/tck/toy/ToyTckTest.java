// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Capability;
import io.interlock.tck.RuleId;
import io.interlock.tck.run.Control;
import io.interlock.tck.run.RuleTest;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.Sections;
import io.interlock.tck.run.TckRun;
import io.interlock.tck.run.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The toy keeps the rules that need a network: what the mutants made of it break is their fault's doing, not the toy's.
 * The other rules have the in-memory reference.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ToyTckTest {
    /** Rules that use a network where there is one, and kill mutants of the toy that way. */
    private static final Set<RuleId> IN_PART = Set.of(RuleId.of("5.14"), RuleId.of("6.11"));

    private final ToyTckBackend backend = new ToyTckBackend();
    private TckRun run;

    @BeforeAll
    void open() {
        run = new TckRun(backend, new RunSettings(1, 1, 1, List.of(), Path.of("target/toy")));
    }

    @AfterAll
    void close() {
        run.close();
        backend.close();
    }

    Stream<RuleTest> rulesOverNetwork() {
        return Sections.tests().stream()
                .filter(test -> test.spec().controls().contains(Control.NETWORK)
                        || IN_PART.contains(test.spec().id()))
                .filter(test -> !test.spec().capabilities().contains(Capability.SESSION_BOUND))
                .filter(test -> !test.spec().capabilities().contains(Capability.FAIR));
    }

    @ParameterizedTest
    @MethodSource
    void rulesOverNetwork(RuleTest test) {
        var result = run.run(test);
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.PASS);
    }
}
