// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How calls have to end, said in words. */
final class Expect {
    private Expect() {}

    /** A call of the library. */
    @FunctionalInterface
    interface Call {
        /** Makes it. */
        @Nullable
        Object run() throws Exception;
    }

    /** Demands that a call is refused with an exception of a type, which is given back. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // one that is not wanted becomes the cause of the failure
    static <X extends Throwable> X refused(Class<X> type, String what, Call call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            if (type.isInstance(thrown)) {
                return type.cast(thrown);
            }
            throw new AssertionError(
                    what + " was to be refused with " + kind(type) + ", and failed with " + words(thrown), thrown);
        }
        throw new AssertionError(what + " was not refused; it should have been, with " + kind(type));
    }

    /** Demands that a call ends well. */
    @SuppressWarnings("InterruptedExceptionSwallowed") // it becomes the cause of the failure
    static <T> T done(String what, Callable<T> call) {
        try {
            return call.call();
        } catch (Exception thrown) {
            throw new AssertionError(what + " failed with " + words(thrown), thrown);
        }
    }

    /** Demands that something is so. */
    static void that(boolean so, String otherwise) {
        if (!so) {
            throw new AssertionError(otherwise);
        }
    }

    /** Demands that something is so in the end: by a time that is so late that no stall of the machine excuses it. */
    static void inTheEnd(Trial trial, Duration bound, String what, Trial.Condition condition) throws Exception {
        try {
            trial.eventually(bound, what, condition);
        } catch (TimingError late) {
            throw new AssertionError(late.getMessage(), late);
        }
    }

    /** What a future ends in, within ten seconds; its failure as it was before it was wrapped. */
    static <T> T outcome(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() instanceof CompletionException
                    ? failed.getCause().getCause()
                    : failed.getCause();
            throw cause instanceof Exception exception ? exception : failed;
        }
    }

    /** A failure in words for a person, whom the class's suffix tells nothing. */
    static String words(Throwable thrown) {
        return kind(thrown.getClass()) + " (" + thrown.getMessage() + ")";
    }

    private static String kind(Class<?> type) {
        return type.getSimpleName().replace("Exception", "");
    }
}
