// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.LockBackendException;
import io.interlock.LockTimeoutException;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call that has begun. Tell it once how the call ended; if nothing is told, the outcome counts as unknown.
 * Thread-safe.
 */
public final class Op {
    private final HistoryRecorder recorder;
    private final HistoryEvent invoke;
    private final AtomicBoolean ended = new AtomicBoolean();

    Op(HistoryRecorder recorder, HistoryEvent invoke) {
        this.recorder = recorder;
        this.invoke = invoke;
    }

    /** {@return the number of the call; of an acquisition: the number of the grant too} */
    public long id() {
        return invoke.op();
    }

    /** It did what it says. */
    public void ok() {
        end(invoke.kind(), Phase.OK, System.nanoTime(), invoke.token(), OptionalLong.empty(), "");
    }

    /**
     * It did what it says, and gave or prolonged a grant.
     *
     * @param token the fencing token
     * @param validUntil the end of the claimed validity on the scale of {@link System#nanoTime}
     */
    public void ok(long token, long validUntil) {
        ok(OptionalLong.of(token), OptionalLong.of(validUntil));
    }

    void ok(OptionalLong token, OptionalLong validUntil) {
        okAt(System.nanoTime(), token, validUntil);
    }

    void okAt(long nanos, OptionalLong token, OptionalLong validUntil) {
        end(invoke.kind(), Phase.OK, nanos, token, validUntil, "");
    }

    /** The answer was "held by another". */
    public void refused() {
        end(Kind.TRY_FAIL, Phase.OK, System.nanoTime(), OptionalLong.empty(), OptionalLong.empty(), "");
    }

    /**
     * It did nothing, for sure.
     *
     * @param why for people
     */
    public void fail(String why) {
        end(invoke.kind(), Phase.FAIL, System.nanoTime(), invoke.token(), OptionalLong.empty(), why);
    }

    /**
     * Nobody knows whether it did it, or will.
     *
     * @param why for people
     */
    public void info(String why) {
        info(why, OptionalLong.empty());
    }

    void info(String why, OptionalLong validUntil) {
        end(invoke.kind(), Phase.INFO, System.nanoTime(), invoke.token(), validUntil, why);
    }

    /**
     * It ended with an exception: "held by another" for {@link LockTimeoutException}; nothing done for a store's
     * failure that is not ambiguous and for a call refused before it was sent; unknown for everything else, an
     * interruption for one.
     *
     * @param thrown what the call threw
     */
    public void threw(Throwable thrown) {
        if (thrown instanceof LockTimeoutException && invoke.kind().acquires()) {
            refused();
        } else if (isWithoutEffect(thrown)) {
            fail(thrown.toString());
        } else {
            info(thrown.toString());
        }
    }

    private static boolean isWithoutEffect(Throwable thrown) {
        return (thrown instanceof LockBackendException store && !store.isAmbiguous())
                || thrown instanceof IllegalArgumentException
                || thrown instanceof NullPointerException
                || thrown instanceof UnsupportedOperationException;
    }

    private void end(Kind kind, Phase phase, long nanos, OptionalLong token, OptionalLong validUntil, String note) {
        if (ended.getAndSet(true)) {
            throw new IllegalStateException("call " + id() + " of " + invoke.process() + " has ended before");
        }
        recorder.add(new HistoryEvent(
                invoke.process(),
                Thread.currentThread().getName(),
                invoke.op(),
                kind,
                phase,
                nanos,
                invoke.lock(),
                token,
                validUntil,
                invoke.grant(),
                note));
    }
}
