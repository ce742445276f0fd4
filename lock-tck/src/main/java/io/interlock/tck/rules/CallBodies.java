// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.tck.run.Trial;

/** What happens inside {@link DistributedLock#call}. */
final class CallBodies {
    private CallBodies() {}

    /** Something that may end the lease. */
    interface Loss {
        void happen(Lease lease) throws Exception;
    }

    /** Runs a body that fails, and answers what the caller was told. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // it is the answer
    static Throwable failing(DistributedLock lock, Loss before, Throwable thrown) {
        try {
            lock.<Boolean, Exception>call(lease -> {
                before.happen(lease);
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown;
            });
        } catch (Throwable told) {
            return told;
        }
        throw new AssertionError("the body of call() on lock '" + lock.name() + "' failed as " + Calls.words(thrown)
                + ", and call() returned");
    }

    /** Works on until the lease, which is not renewed, is lost. */
    static void outlive(Trial trial, Lease lease) throws Exception {
        trial.eventually(
                trial.bounds().lease().plus(trial.bounds().slack()),
                "the lease of lock '" + lease.lockName() + "' is lost, which was not renewed",
                () -> lease.state() == LeaseState.LOST);
    }
}
