// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.LockOptions;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;

/** §15: how a backend is found and configured. */
public class ProviderRules {
    @Rule("15.01")
    void r15_01_foundUnderAUniqueScheme(Trial trial) throws Exception {
        var found = Installed.of(trial);
        for (String scheme : found.provider().schemes()) {
            Expect.that(
                    scheme.equals(scheme.toLowerCase(Locale.ROOT)) && scheme.matches("[a-z][a-z0-9+.-]*"),
                    "the scheme '" + scheme + "' is none of a URI in lower case");
            List<String> claiming = Installed.claiming(scheme);
            Expect.that(claiming.size() == 1, "the scheme '" + scheme + "' is claimed by " + claiming);
        }
        LockConfigException unknown = Expect.refused(
                LockConfigException.class, "an unknown scheme", () -> LockClient.open("tck-unknown://host"));
        Expect.that(
                contains(unknown, "tck-unknown", found.scheme()),
                "an unknown scheme is refused without naming it and what is installed: " + unknown.getMessage());
        LockConfigException twice =
                Expect.refused(LockConfigException.class, "a scheme that two backends claim", () -> {
                    return Loaders.in(Loaders.withTwin(found.scheme()), () -> LockClient.open(found.config()));
                });
        Expect.that(
                contains(twice, found.scheme(), found.provider().getClass().getName(), Twin.class.getName()),
                "a scheme that two backends claim is refused without naming it and both: " + twice.getMessage());
    }

    private static boolean contains(Throwable thrown, String... words) {
        String message = String.valueOf(thrown.getMessage());
        return List.of(words).stream().allMatch(message::contains);
    }

    @Rule("15.02")
    void r15_02_configurationIsAllThatIsNeeded(Trial trial) throws Exception {
        var found = Installed.of(trial);
        var properties = new Properties();
        found.settings().forEach((key, value) -> properties.setProperty("interlock." + key, value));
        LockClient ofMap = trial.closing(LockClient.open(LockConfig.of(found.settings())));
        LockClient ofProperties = trial.closing(LockClient.open(LockConfig.of(properties)));
        excludeEachOther(trial, ofMap, ofProperties);
        LockClient given = trial.client();
        Expect.that(
                ofMap.capabilities().equals(given.capabilities()),
                "by configuration " + ofMap.capabilities() + " is declared, and otherwise " + given.capabilities());
        if (!trial.backend().processConfig().isEmpty()) {
            excludeEachOther(trial, ofMap, given);
        }
        namesBadSetting(found, "tck-colour", "red");
        namesBadSetting(found, "variant", "tck-none");
        namesBadSetting(found, "lease", "soon");
        namesBadSetting(found, "callTimeout", "-1ms");
        LockConfigException missing = Expect.refused(
                LockConfigException.class,
                "a configuration without a uri",
                () -> LockConfig.of(Map.of("lease", "30s")));
        Expect.that(contains(missing, "uri"), "a missing uri is not named: " + missing.getMessage());
    }

    private static void excludeEachOther(Trial trial, LockClient one, LockClient other) {
        String name = trial.name();
        try (Lease lease = trial.take(one.lock(name))) {
            trial.assertRefused(other.lock(name), "a client of the same configuration holds it");
        }
        trial.take(other.lock(name)).release();
    }

    private static void namesBadSetting(Installed found, String key, String value) {
        LockConfigException refused = Expect.refused(
                LockConfigException.class,
                "the setting " + key + " = " + value,
                () -> LockClient.open(LockConfig.of(found.with(key, value))));
        Expect.that(contains(refused, key), "a bad setting '" + key + "' is not named: " + refused.getMessage());
    }

    /** With lock-api on the module path as well: that needs a JVM which is started so, and is not tested here. */
    @Rule("15.05")
    void r15_05_anyClassLoader(Trial trial) throws Exception {
        ClassLoader empty = new ClassLoader(null) {};
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        for (Optional<ClassLoader> foreign : List.of(Optional.of(empty), Optional.<ClassLoader>empty())) {
            Expect.done(
                    "a client in a thread with a foreign context class loader",
                    () -> Loaders.in(foreign.orElse(null), () -> used(trial, trial.client(), foreign)));
        }
        Expect.that(thread.getContextClassLoader() == own, "the context class loader of the caller was changed");
        if (!trial.backend().applicationConfig().isEmpty()) {
            loadedTwice(trial, Installed.of(trial));
        }
    }

    private static boolean used(Trial trial, LockClient client, Optional<ClassLoader> expected) throws Exception {
        LockOptions renewed =
                LockOptions.defaults().withLease(trial.bounds().lease().multipliedBy(3));
        Lease lease = trial.take(client.lock(trial.name(), renewed));
        var next = client.lock(lease.lockName()).acquireAsync();
        trial.pass(renewed.lease().plus(trial.bounds().slack()));
        trial.assertHeld(lease, "although it is renewed");
        lease.release();
        Expect.outcome(next).release();
        client.close();
        Expect.that(
                Thread.currentThread().getContextClassLoader() == expected.orElse(null),
                "the context class loader of the caller was changed");
        return true;
    }

    /** Two copies of the library, each with classes and statics of its own, as two applications of one server have. */
    private static void loadedTwice(Trial trial, Installed found) throws Exception {
        LockClient here = trial.closing(LockClient.open(found.config()));
        String name = trial.name();
        var copy = new SecondCopy(found);
        try (AutoCloseable there = copy.open()) {
            Expect.that(copy.holdsAndReleases(there, name), "a second copy of the library was refused a free lock");
            Lease lease = trial.take(here.lock(name));
            if (!trial.backend().processConfig().isEmpty()) {
                Expect.that(
                        !copy.holdsAndReleases(there, name),
                        "a second copy of the library was granted a lock that the first one holds");
            }
            lease.release();
        }
        trial.take(here.lock(name)).release();
    }

    @Rule("15.06")
    void r15_06_besideOtherBackends(Trial trial) throws Exception {
        String name = trial.name();
        LockClient client = trial.client();
        LockClient other = trial.closing(MemoryLocks.create().newClient());
        LockClient byUri = trial.closing(
                Expect.done("opening another backend in the same JVM", () -> LockClient.open("memory:tck-beside")));
        List<Lease> leases = new ArrayList<>();
        for (LockClient each : List.of(client, other, byUri)) {
            leases.add(each.lock(name)
                    .tryAcquire()
                    .orElseThrow(() -> new AssertionError(
                            "lock '" + name + "' of one backend was refused because another backend holds its own")));
        }
        for (LockClient each : List.of(client, other, byUri)) {
            trial.assertRefused(each.lock(name), "it is held in this very backend");
        }
        leases.get(1).release();
        other.close();
        Expect.that(
                leases.get(0).isHeld() && leases.get(2).isHeld(),
                "the end of another backend's client took the lock '" + name + "' away");
        leases.get(0).release();
        client.close();
        Expect.that(leases.get(2).isHeld(), "the end of this backend's client took another backend's lock away");
        trial.assertRefused(byUri.lock(name), "it is still held there");
    }

    @Rule("15.07")
    void r15_07_discoveryIsQuiet(Trial trial) throws Exception {
        var found = Installed.of(trial);
        int connections = connections(trial);
        Calls.assertSendsNothing(trial, "the provider's discovery must send nothing", () -> discover(found));
        trial.pass(trial.bounds().slack()); // a store may notice a connection a moment later
        int then = connections(trial);
        Expect.that(
                then <= connections,
                "the provider's discovery connects: " + connections + " connections before, " + then + " after");
    }

    private static void discover(Installed found) throws Exception {
        var family = new Family();
        var copy = new SecondCopy(found);
        family.call((Callable<Object>) copy::discover);
        List<String> threads = family.threads();
        Expect.that(threads.isEmpty(), "the provider's discovery starts threads: " + threads);
    }

    private static int connections(Trial trial) {
        return trial.backend().store().map(StoreInspector::connections).orElse(0);
    }
}
