// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.DistributedLock;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Collects what clients do and see. One for all clients of a JVM; a child JVM has its own, whose events its parent
 * {@linkplain #add adds}. Thread-safe; never blocks.
 */
public final class HistoryRecorder {
    private final ConcurrentLinkedQueue<HistoryEvent> events = new ConcurrentLinkedQueue<>();
    private final Consumer<HistoryEvent> sink;
    private final AtomicLong ops = new AtomicLong();

    /** Keeps the events in memory. */
    public HistoryRecorder() {
        sink = events::add;
    }

    /**
     * Hands every event on at once, so that a killed process loses none, and keeps nothing.
     *
     * @param sink called by the thread that makes the call; thread-safe
     */
    public HistoryRecorder(Consumer<HistoryEvent> sink) {
        this.sink = sink;
    }

    /**
     * A lock whose calls are recorded.
     *
     * @param process the name of the client that the lock comes from
     * @param lock the lock itself
     * @return around it
     */
    public RecordedLock lock(String process, DistributedLock lock) {
        return new RecordedLock(this, process, lock);
    }

    /**
     * Begins a call. The time is taken last, so call the lock right after this.
     *
     * @param process the name of the client
     * @param kind what is called
     * @param lock the name of the lock
     * @return to be told how the call ended
     */
    public Op invoke(String process, Kind kind, String lock) {
        return invoke(process, kind, lock, OptionalLong.empty(), OptionalLong.empty(), "");
    }

    /**
     * Begins a call about a grant.
     *
     * @param process the name of the client
     * @param kind what is called
     * @param lock the name of the lock
     * @param grant the {@link Op#id} of the acquisition
     * @param token the fencing token
     * @return to be told how the call ended
     */
    public Op invoke(String process, Kind kind, String lock, long grant, long token) {
        return invoke(process, kind, lock, OptionalLong.of(grant), OptionalLong.of(token), "");
    }

    Op invoke(String process, Kind kind, String lock, OptionalLong grant, OptionalLong token, String note) {
        return invoke(process, kind, lock, grant, token, OptionalLong.empty(), note);
    }

    Op invoke(
            String process,
            Kind kind,
            String lock,
            OptionalLong grant,
            OptionalLong token,
            OptionalLong claim,
            String note) {
        var event = new HistoryEvent(
                process,
                threadName(),
                ops.incrementAndGet(),
                kind,
                Phase.INVOKE,
                System.nanoTime(),
                lock,
                token,
                claim,
                grant,
                note);
        add(event);
        return new Op(this, event);
    }

    /**
     * Tells that somebody outside is about to end what the store has for a lock: deletes the entry, forces a release,
     * wipes the server. Without it, a grant to another before the holder's validity is over counts as a violation.
     *
     * @param lock the name of the lock
     * @return to be told when it is done
     */
    public Op expire(String lock) {
        return invoke("outside", Kind.EXPIRE, lock);
    }

    /**
     * Tells that a client is about to be killed or closed: from now on its grants may end, and its calls stay without
     * an answer.
     *
     * @param process the name of the client
     */
    public void killed(String process) {
        mark(process, Kind.KILL, "", OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), "");
    }

    void mark(
            String process,
            Kind kind,
            String lock,
            OptionalLong grant,
            OptionalLong token,
            OptionalLong claim,
            String note) {
        add(new HistoryEvent(
                process,
                threadName(),
                ops.incrementAndGet(),
                kind,
                Phase.INFO,
                System.nanoTime(),
                lock,
                token,
                claim,
                grant,
                note));
    }

    /**
     * Takes an event as it is, such as one from a child JVM.
     *
     * @param event from a process whose name nobody else has
     */
    public void add(HistoryEvent event) {
        sink.accept(event);
    }

    /** {@return what was recorded so far; empty if it is handed on} */
    public List<HistoryEvent> events() {
        return List.copyOf(events);
    }

    /**
     * What was recorded so far.
     *
     * @param header where it comes from
     * @return for {@link HistoryChecker#check} and {@link HistoryFile#write}
     */
    public History history(HistoryHeader header) {
        return new History(header, events());
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }
}
