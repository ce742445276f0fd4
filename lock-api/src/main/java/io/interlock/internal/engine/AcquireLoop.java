// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.spi.Contender;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One acquisition that waits: attempt, park until a wake-up or the time the store named, attempt again. The steps are
 * the same whether a thread or a continuation takes them. Confined to one thread at a time.
 */
final class AcquireLoop implements AutoCloseable {
    private static final long FIRST_BACK_OFF = Duration.ofMillis(50).toNanos();
    private static final long MAX_BACK_OFF = Duration.ofSeconds(2).toNanos();

    private final EngineClient client;
    private final Acquisition acquisition;
    private final Deadline deadline;
    private final Signal signal;
    private final Gates.@Nullable Place place; // null: one attempt, past the gate
    private @Nullable Contender contender;
    private Gates.News news = Gates.News.NONE;
    private long backOff = FIRST_BACK_OFF;
    private boolean waited; // so that an error is an interruption of a wait, not its end
    private int attempts;

    /** What to do next. */
    sealed interface Step {
        /** Done. */
        record Acquired(EngineLease lease) implements Step {}

        /** The wait is over without a lease. */
        record TimedOut(Optional<HolderInfo> holder) implements Step {}

        /** Park until the signal, or this time on the monotonic clock. */
        record Park(long until) implements Step {}
    }

    AcquireLoop(EngineClient client, Acquisition acquisition, Deadline deadline, Signal signal) {
        this.client = client;
        this.acquisition = acquisition;
        this.deadline = deadline;
        this.signal = signal;
        boolean waiting = acquisition.request().waiting();
        place = waiting ? client.gates().enter(acquisition.request().name(), signal) : null;
    }

    Step step() throws InterruptedException {
        signal.clear(); // first: what is raised from here on is about something that we have not looked at yet
        client.requireOpen();
        boolean over = deadline.isOver(now());
        if (place != null && contender == null && !place.isFront()) {
            if (!over) {
                return park(deadline.at());
            }
            news = place.news();
            if (news.failure() != null) {
                return timedOut(news);
            }
            contender = lookOnce();
        }
        if (over && attempts > 0) {
            return timedOut(news);
        }
        if (place != null && contender == null) {
            news = place.news(); // an outage does not begin anew for each who moves up
        }
        attempts++;
        try {
            Attempts.Result result = client.attempts().attempt(contender(), acquisition);
            backOff = FIRST_BACK_OFF;
            return result instanceof Attempts.Result.Refused refused
                    ? refused(refused)
                    : leased(((Attempts.Result.Leased) result).lease());
        } catch (LockBackendException failed) {
            return failed(failed);
        }
    }

    int attempts() {
        return attempts;
    }

    /** Leaves the queues, here and in the store, by whatever door. Idempotent. */
    @Override
    public void close() {
        try {
            if (contender != null) {
                contender.close();
            }
        } finally {
            if (place != null) {
                place.close();
            }
        }
    }

    /**
     * Who stood behind others of this client all the time has not asked the store yet, and those in front may be between
     * two looks: "held by another" must be the store's word. One try that queues nowhere.
     */
    private Contender lookOnce() {
        return client.backend().contend(acquisition.request().once(), signal::raise);
    }

    private Contender contender() {
        Contender present = contender;
        if (present == null) {
            present = client.backend().contend(acquisition.request(), signal::raise);
            contender = present;
        }
        return present;
    }

    private Step leased(EngineLease lease) {
        tell(Gates.News.NONE);
        // the first attempt is what tryAcquire() would have done, however short the wait; a later grant is too late
        if (attempts > 1 && deadline.isOver(now())) {
            lease.release();
            return timedOut(news);
        }
        return new Step.Acquired(lease);
    }

    private Step refused(Attempts.Result.Refused refused) {
        waited = true;
        tell(news.refused(refused.refusal().holder()));
        if (place == null) {
            return timedOut(news);
        }
        if (client.capabilities().contains(Capability.FAIR)) {
            place.close(); // now queued in the store itself, which keeps the order; the next one may queue behind
        }
        long retryAfter = Nanos.of(refused.refusal().retryAfter());
        return park(deadline.orAfter(retryAfter, now()));
    }

    private Step failed(LockBackendException failed) {
        client.requireOpen(); // a closing client cuts its connections: that is what the caller should hear
        long now = now();
        tell(news.failed(failed, now));
        if (!waited) {
            throw failed;
        }
        if (deadline.isUnlimited() && now - news.failingSince() >= client.outageLimitNanos()) {
            throw failed;
        }
        long delay = client.runtime().jittered(backOff);
        backOff = Math.min(2 * backOff, MAX_BACK_OFF);
        return park(deadline.orAfter(delay, now));
    }

    private void tell(Gates.News latest) {
        news = latest;
        if (place != null) {
            place.tell(latest);
        }
    }

    private Step park(long until) {
        waited = true;
        return new Step.Park(until);
    }

    private static Step timedOut(Gates.News latest) {
        if (latest.failure() != null) {
            throw latest.failure(); // not "held by another": nobody knows
        }
        return new Step.TimedOut(latest.holder());
    }

    private long now() {
        return client.runtime().time().monotonicNanos();
    }
}
