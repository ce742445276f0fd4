// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.Trial;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Demands on how a call ends, with failures told in words. */
final class Calls {
    private static final int QUIET_TRIES = 5;

    private Calls() {}

    /** A call whose result does not matter. */
    interface Call {
        @Nullable
        Object run() throws Exception;
    }

    /** Demands that a call is refused in one way. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // it is what was to be seen
    static Throwable refused(Class<? extends Throwable> type, String what, Call call) {
        Object result;
        try {
            result = call.run();
        } catch (Throwable e) {
            if (type.isInstance(e)) {
                return e;
            }
            throw new AssertionError(
                    what + " must be refused as " + words(type) + ", and failed as " + words(e) + ": " + e.getMessage(),
                    e);
        }
        throw new AssertionError(what + " must be refused as " + words(type) + ", and was accepted: " + result);
    }

    /** Demands that a call is refused in one way before anything is sent to the store. */
    static void refusedUnsent(Trial trial, Class<? extends Throwable> type, String what, Call call) {
        if (trial.backend().store().isEmpty()) {
            refused(type, what, call);
            return;
        }
        long sent = 0;
        for (int i = 0; i < QUIET_TRIES; i++) { // another client's heartbeat may fall into one of them, not into all
            long before = trial.store().commandCount();
            refused(type, what, call);
            sent = trial.store().commandCount() - before;
            if (sent == 0) {
                return;
            }
        }
        throw new AssertionError(
                what + " must be refused before anything is sent, and the store saw " + sent + " commands");
    }

    /** Demands that a call works. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // it is what was not to be seen
    static <T extends @Nullable Object> T works(String what, Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new AssertionError(what + " must work, and failed as " + words(e) + ": " + e.getMessage(), e);
        }
    }

    /** The kind of a failure as a person would say it: {@code illegal argument}. */
    static String words(Throwable failure) {
        return words(failure.getClass());
    }

    private static String words(Class<? extends Throwable> type) {
        return type.getSimpleName()
                .replace("Exception", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
