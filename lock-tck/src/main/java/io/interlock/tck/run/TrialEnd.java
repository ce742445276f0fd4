// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import org.jspecify.annotations.Nullable;

/** Keeps the first failure of an attempt, and what went wrong after it beside it. Confined to one thread. */
final class TrialEnd {
    private final @Nullable Throwable known;
    private @Nullable Throwable first;

    TrialEnd(@Nullable Throwable known) {
        this.known = known;
    }

    interface Step {
        void run() throws Exception;
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // it becomes the failure of the attempt
    void run(Step step) {
        try {
            step.run();
        } catch (Exception | AssertionError e) {
            if (known != null) {
                known.addSuppressed(e);
            } else if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    /** Throws the first failure, unless one was known before. */
    void rethrow() {
        Throwable failure = first;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new AssertionError("after the rule: " + failure, failure);
        }
    }
}
