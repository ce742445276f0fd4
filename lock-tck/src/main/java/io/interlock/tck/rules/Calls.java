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

    /** What may be done again and again. */
    interface Action<X extends Exception> {
        void run() throws X;
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
        assertSendsNothing(trial, what + " must be refused before anything is sent", () -> refused(type, what, call));
    }

    /** Demands that nothing comes to the store of what may be done again; only does it where nobody can look. */
    static <X extends Exception> void assertSendsNothing(Trial trial, String demand, Action<X> action) throws X {
        if (trial.backend().store().isEmpty()) {
            action.run();
            return;
        }
        long sent = 0;
        for (int i = 0; i < QUIET_TRIES; i++) { // another client's heartbeat may fall into one of them, not into all
            long before = trial.store().commandCount();
            action.run();
            sent = trial.store().commandCount() - before;
            if (sent == 0) {
                return;
            }
        }
        throw new AssertionError(demand + ", and the store saw " + sent + " commands");
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
