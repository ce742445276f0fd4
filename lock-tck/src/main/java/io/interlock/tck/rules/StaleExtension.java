// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.RenewalMode;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;

/** What an extension that comes too late does to the lease of the new owner. */
final class StaleExtension {
    private static final Duration LEASE = Duration.ofSeconds(60);

    private StaleExtension() {}

    /** Something that the former holder does. */
    interface Step {
        void run() throws Exception;
    }

    /** Has a lock taken over, and demands that the former holder's step leaves the new lease as it is. */
    static void behindTheBack(Trial trial, String name, LockClient next, Step step) throws Exception {
        var options = LockOptions.defaults().withLease(LEASE).withRenewal(RenewalMode.NONE);
        Lease owner = Takeover.behindTheBack(trial, next.lock(name, options));
        long start = trial.now();
        Optional<Duration> before = trial.store().timeToLive(name);
        step.run();
        Optional<Duration> after = trial.store().timeToLive(name);
        Duration passed = Duration.ofNanos(trial.now() - start);
        if (before.isPresent()) {
            assertSame(trial, name, before.get().minus(passed), before.get(), after.orElse(Duration.ZERO));
        }
        Takeover.assertUntouched(trial, owner, trial.client().lock(name), "tried to renew a grant that was over");
        owner.release();
    }

    private static void assertSame(Trial trial, String name, Duration atLeast, Duration atMost, Duration left) {
        Duration granularity = trial.bounds().granularity();
        if (left.compareTo(atLeast.minus(granularity)) < 0 || left.compareTo(atMost.plus(granularity)) > 0) {
            throw new AssertionError(
                    "the lease of lock '" + name + "' has " + left.toMillis() + " ms left in the store; it"
                            + " had " + atMost.toMillis()
                            + " ms before a former holder tried to renew its own, which was over, and "
                            + atMost.minus(atLeast).toMillis() + " ms have passed");
        }
    }
}
