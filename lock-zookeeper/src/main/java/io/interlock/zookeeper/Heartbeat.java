// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.Registration;
import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks the leader again and again, through the server that we talk to, whether our session lives, and looks after the
 * nodes of what we hold: see {@link SessionClock} for why ZooKeeper's own pings don't do. Thread-safe.
 */
final class Heartbeat {
    private static final Duration WITHOUT_SESSION = Duration.ofMillis(500);
    private static final Registration NONE = () -> {};

    private final BackendContext context;
    private final Sessions sessions;
    private final String path;
    private final AtomicBoolean beating = new AtomicBoolean();
    private final AtomicReference<Registration> next = new AtomicReference<>(NONE);
    private volatile boolean closed;

    /** Does not beat before {@link #beat}. */
    Heartbeat(BackendContext context, Sessions sessions, String path) {
        this.context = context;
        this.sessions = sessions;
        this.path = path;
    }

    /** Beats now, unless an answer is awaited, and again after a while. */
    void beat() {
        if (closed || !beating.compareAndSet(false, true)) {
            return;
        }
        Session session = sessions.connected().orElse(null);
        if (session == null) {
            beating.set(false);
            again(WITHOUT_SESSION);
            return;
        }
        Registration late =
                context.schedule(() -> unanswered(session), session.timeout().dividedBy(4));
        long sent = context.nanoTime();
        session.requests().sync(path).whenComplete((done, failure) -> {
            late.close();
            if (failure == null) {
                session.answered(sent);
            }
            beating.set(false);
            again(pause(session, failure == null));
        });
        session.grants().forEach(grant -> grant.look(session.timeout().dividedBy(4)));
    }

    void close() {
        closed = true;
        next.getAndSet(NONE).close();
    }

    /**
     * A sixth of the timeout after an answer, so that two thirds of it stay valid; sooner as long as there is less, and
     * never so soon that it would prove nothing of the one before.
     */
    private Duration pause(Session session, boolean answered) {
        Duration sixth = session.timeout().dividedBy(6);
        if (!answered) {
            return sixth.compareTo(WITHOUT_SESSION) < 0 ? sixth : WITHOUT_SESSION;
        }
        long left = session.validUntil() - context.nanoTime();
        boolean enough = left >= session.timeout().dividedBy(2).toNanos();
        return enough && sixth.compareTo(session.halfTick()) > 0 ? sixth : session.halfTick();
    }

    private void unanswered(Session session) {
        if (!closed) {
            session.suspended();
        }
    }

    private void again(Duration delay) {
        if (closed) {
            return;
        }
        next.getAndSet(context.schedule(this::beat, delay)).close();
        if (closed) {
            next.getAndSet(NONE).close();
        }
    }
}
