// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.StoreInspector.Foreign;
import io.interlock.tck.run.NotVerified;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** §11: names. */
public class NameRules {
    private static final int MAX_BYTES = 255;

    @Rule("11.01")
    void r11_01_distinctStringsAreDistinctLocks(Trial trial) {
        LockClient client = trial.client();
        LockClient other = trial.client();
        // at the end and at the start: some stores trim one side only
        for (boolean atTheEnd : new boolean[] {true, false}) {
            String unique = trial.name();
            for (List<String> alike : Names.ALIKE) {
                List<String> names = alike.stream()
                        .map(text -> atTheEnd ? unique + text : text + unique)
                        .toList();
                areDistinct(client, names);
                areDistinct(client, reversed(names));
                names.forEach(name -> isOneLock(trial, client, other, name));
            }
        }
    }

    private static void areDistinct(LockClient client, List<String> names) {
        var held = new ArrayList<Lease>();
        for (String name : names) {
            held.add(client.lock(name)
                    .tryAcquire()
                    .orElseThrow(() -> new AssertionError("lock " + Names.shown(name)
                            + " was refused while nothing is held but "
                            + held.stream()
                                    .map(Lease::lockName)
                                    .map(Names::shown)
                                    .toList())));
        }
        held.forEach(Lease::release);
    }

    private static void isOneLock(Trial trial, LockClient client, LockClient other, String name) {
        try (Lease lease = trial.take(client.lock(name))) {
            trial.assertRefused(other.lock(name), "another client holds the lock of the very same name");
        }
    }

    private static List<String> reversed(List<String> names) {
        var reversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        return reversed;
    }

    @Rule("11.03")
    void r11_03_everyLengthIsExactUpToTheLimit(Trial trial) throws Exception {
        LockClient client = trial.client();
        String unique = trial.name();
        for (int length = 1; length <= MAX_BYTES; length++) {
            String body = length <= unique.length()
                    ? unique.substring(unique.length() - length + 1)
                    : unique + "n".repeat(length - 1 - unique.length());
            try (Lease lease = taken(client, body + "1", length)) {
                taken(client, body + "2", length).release();
            }
        }
        for (String letter : List.of("é", "ア", "😀")) {
            int bytes = letter.getBytes(StandardCharsets.UTF_8).length;
            String body = unique + letter.repeat((MAX_BYTES - 1 - unique.length()) / bytes);
            String longest = body + "n".repeat(MAX_BYTES - 1 - body.getBytes(StandardCharsets.UTF_8).length);
            try (Lease lease = taken(client, longest + "1", MAX_BYTES)) {
                taken(client, longest + "2", MAX_BYTES).release();
            }
        }
        isTooLong(trial, client, "n".repeat(MAX_BYTES + 1));
        isTooLong(trial, client, "é".repeat(MAX_BYTES / 2 + 1));
        isTooLong(trial, client, "ア".repeat(MAX_BYTES / 3 + 1));
        isTooLong(trial, client, "😀".repeat(MAX_BYTES / 4 + 1));
        isTooLong(trial, client, "n".repeat(100_000));
    }

    /** Waits a moment, because a name of one or two letters may be in use elsewhere. */
    private static Lease taken(LockClient client, String name, int bytes) throws InterruptedException {
        return client.lock(name)
                .tryAcquire(Duration.ofSeconds(1))
                .orElseThrow(() -> new AssertionError("a name of " + bytes + " bytes was refused, although at most one"
                        + " is held that differs in its last letter: " + Names.shown(name)));
    }

    private static void isTooLong(Trial trial, LockClient client, String name) {
        String what = "a name of " + name.getBytes(StandardCharsets.UTF_8).length + " bytes";
        isRefused(trial, what, () -> client.lock(name));
    }

    /** Demands that an argument is refused before anything is sent. */
    private static void isRefused(Trial trial, String what, Calls.Call call) {
        Calls.refusedUnsent(trial, IllegalArgumentException.class, what, call);
    }

    @Rule("11.04")
    void r11_04_emptyAndNullAreRefused(Trial trial) {
        LockClient client = trial.client();
        isRefused(trial, "lock(\"\")", () -> client.lock(""));
        isRefused(trial, "lock(\"\", options)", () -> client.lock("", trial.shortLease()));
        isNull("lock(null)", () -> client.lock(none()));
        isNull("lock(null, options)", () -> client.lock(none(), trial.shortLease()));
        if (trial.declares(Capability.INSPECT)) {
            isRefused(trial, "holder(\"\")", () -> client.holder(""));
            isNull("holder(null)", () -> client.holder(none()));
        }
        if (trial.declares(Capability.FORCE_RELEASE)) {
            isRefused(trial, "forceRelease(\"\", 1)", () -> client.forceRelease("", 1));
            isNull("forceRelease(null, 1)", () -> client.forceRelease(none(), 1));
        }
    }

    private static void isNull(String what, Expect.Call call) {
        Expect.refused(NullPointerException.class, what, call);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what the library must refuse
    private static <T> T none() {
        return (T) null;
    }

    @Rule("11.05")
    void r11_05_hostileNamesStayInside(Trial trial) {
        LockClient client = trial.client();
        LockClient other = trial.client();
        LockClient elsewhere = trial.client(ClientSpec.direct().with("namespace", "tck-elsewhere"));
        Lease near = trial.take(client.lock(trial.name()));
        Lease far = trial.take(elsewhere.lock(trial.name()));
        Optional<Foreign> foreign = trial.backend().store().map(StoreInspector::foreign);
        foreign.ifPresent(trial::closing);
        for (String name : Names.hostile(trial.name(), near.lockName(), far.lockName())) {
            Lease lease = trial.take(client.lock(name));
            trial.assertRefused(other.lock(name), "another client holds the lock of the very same name");
            if (trial.declares(Capability.INSPECT)) {
                Expect.that(other.holder(name).isPresent(), "the lock " + Names.shown(name) + " is held by nobody");
            }
            Expect.that(
                    lease.release() == ReleaseOutcome.RELEASED, "the lock " + Names.shown(name) + " was not released");
            stillHeld(other, near, name);
            stillHeld(elsewhere, far, name);
            Expect.that(
                    foreign.map(Foreign::isUntouched).orElse(true),
                    "the name " + Names.shown(name) + " did harm outside of the locks");
        }
    }

    private static void stillHeld(LockClient client, Lease lease, String name) {
        Expect.that(
                lease.isHeld() && client.lock(lease.lockName()).tryAcquire().isEmpty(),
                "the name " + Names.shown(name) + " took another lock away from its holder: '" + lease.lockName()
                        + "'");
    }

    @Rule("11.06")
    void r11_06_loneSurrogatesAreRefusedOrExact(Trial trial) {
        LockClient client = trial.client();
        String unique = trial.name();
        var accepted = new ArrayList<String>();
        for (String text : Names.LONE_SURROGATES) {
            try {
                client.lock(unique + text);
                accepted.add(unique + text);
            } catch (IllegalArgumentException refused) {
                Expect.that(refused.getMessage() != null, "a lone surrogate was refused without a word");
            }
        }
        accepted.addAll(List.of(unique + "?", unique + "\uFFFD", unique));
        areDistinct(client, accepted);
    }

    @Rule("11.08")
    void r11_08_theNameIsGivenBackAsItWas(Trial trial) {
        LockClient client = trial.client();
        String unique = trial.name();
        for (List<String> alike : Names.ALIKE) {
            for (String text : alike) {
                String name = text + unique + text;
                DistributedLock lock = client.lock(name);
                Expect.that(
                        lock.name().equals(name), "name() of " + Names.shown(name) + " is " + Names.shown(lock.name()));
                try (Lease lease = trial.take(lock)) {
                    Expect.that(
                            lease.lockName().equals(name),
                            "lockName() of " + Names.shown(name) + " is " + Names.shown(lease.lockName()));
                }
            }
        }
    }

    @Rule("11.09")
    void r11_09_namesThatWereUsedOnceAreForgotten(Trial trial) throws Exception {
        new Forgetting(trial).run();
    }

    @Rule("11.10")
    void r11_10_storeKeysAreFrozen(Trial trial) throws Exception {
        Map<String, String> keys = trial.store().frozenKeys();
        if (keys.isEmpty()) {
            throw new NotVerified("needs the frozen keys of the store's inspector");
        }
        LockClient client = trial.client();
        for (Map.Entry<String, String> frozen : keys.entrySet()) {
            try (Lease lease =
                    client.lock(frozen.getKey()).acquire(trial.bounds().generous())) {
                Expect.that(
                        trial.store().hasKey(frozen.getValue()),
                        "lock " + Names.shown(lease.lockName()) + " is held, but the store has no key "
                                + Names.shown(frozen.getValue()));
            }
            trial.eventually(
                    trial.bounds().crashRelease(),
                    "the key " + Names.shown(frozen.getValue()) + " is gone after the release",
                    () -> !trial.store().hasKey(frozen.getValue()));
        }
    }
}
