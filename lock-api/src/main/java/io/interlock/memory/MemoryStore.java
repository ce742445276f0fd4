// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.HolderInfo;
import io.interlock.LossReason;
import io.interlock.internal.WallClock;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries, queues and the fence: the part that a server would play, with a clock of its own. Every call is one atomic
 * step. Thread-safe; wake-ups and loss signals are given after the step, outside its lock.
 */
final class MemoryStore {
    private static final Logger log = LoggerFactory.getLogger(MemoryStore.class);

    private final LongSupplier nanoTime;
    private final long originNanos;
    private final long originMicros = WallClock.epochMicros();
    private final MemoryFaults faults = new MemoryFaults();
    private final ReentrantLock lock = new ReentrantLock(); // held for one step, never while calling out
    private final Map<Key, MemoryLine> lines = new HashMap<>(); // guarded by lock
    private final Map<OwnerId, Long> undone = new HashMap<>(); // guarded by lock; id to the end of its block
    private long fence; // guarded by lock; one for all names, so that nothing remains of a name that is free

    /** A lock's place in the store. */
    record Key(String namespace, String name) {}

    /** The answer to an attempt. */
    sealed interface Answer {
        record Taken(MemoryGrant grant) implements Answer {}

        record Held(Duration left, Optional<HolderInfo> holder) implements Answer {}
    }

    MemoryStore(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        originNanos = nanoTime.getAsLong();
    }

    MemoryFaults faults() {
        return faults;
    }

    Answer acquire(MemoryContender contender, OwnerId id) {
        return step(contender.key(), (line, after) -> {
            LockRequest request = contender.request();
            OwnerId place = contender.place();
            if (place != null && undone.containsKey(place)) { // somebody undid our place: it is void
                line.queue.remove(contender);
                contender.place(null);
                place = null;
            }
            OwnerId owner = place == null ? id : place;
            if (line.entry != null && line.entry.owner.equals(owner) && line.entry.grant != null) {
                line.entry.expiresAt = now() + request.lease().toNanos();
                return new Answer.Taken(line.entry.grant);
            }
            boolean ourTurn = line.queue.isEmpty() || line.queue.get(0) == contender;
            boolean blocked = undone.containsKey(owner);
            if (line.entry == null && ourTurn && !blocked) {
                line.queue.remove(contender); // but it keeps its id until the answer has arrived
                line.wakeHead(after); // the next one must learn when the new lease ends
                return new Answer.Taken(grant(line, contender, owner));
            }
            if (request.waiting() && place == null && !blocked) {
                contender.place(owner);
                line.queue.add(contender);
            }
            return line.held(now(), request.lease());
        });
    }

    private MemoryGrant grant(MemoryLine line, MemoryContender contender, OwnerId owner) {
        LockRequest request = contender.request();
        long token = Math.max(fence + 1, epochMicros());
        fence = token + request.tokens() - 1;
        var grant = new MemoryGrant(contender.backend(), contender.key(), owner, token);
        line.entry = new MemoryEntry(
                owner,
                grant,
                holder(request.holder(), token),
                now() + request.lease().toNanos());
        return grant;
    }

    private HolderInfo holder(HolderInfo asked, long token) {
        Instant since = Instant.EPOCH.plus(epochMicros(), ChronoUnit.MICROS);
        return new HolderInfo(
                asked.host(), asked.pid(), asked.thread(), asked.label(), Optional.of(since), OptionalLong.of(token));
    }

    /** Empty if renewed, else why not. */
    Optional<LossReason> renew(Key key, OwnerId owner, Duration lease) {
        return step(key, (line, after) -> {
            if (line.entry == null) {
                return Optional.of(LossReason.EXPIRED);
            }
            if (!line.entry.owner.equals(owner)) {
                return Optional.of(LossReason.TAKEN);
            }
            line.entry.expiresAt = now() + lease.toNanos();
            line.wakeHead(after); // it may have to wait less long than it was told, if the lease became shorter
            return Optional.empty();
        });
    }

    boolean release(Key key, OwnerId owner) {
        return step(key, (line, after) -> {
            boolean ours = line.entry != null && line.entry.owner.equals(owner);
            if (ours) {
                line.free(after);
            }
            return ours;
        });
    }

    void undo(Key key, OwnerId owner, Duration block) {
        step(key, (line, after) -> {
            long now = now();
            undone.values().removeIf(end -> end <= now);
            undone.put(owner, now + block.toNanos());
            line.queue.removeIf(contender -> contender.lose(owner));
            if (line.entry != null && line.entry.owner.equals(owner)) {
                line.entry = null;
            }
            line.wakeHead(after);
            return true;
        });
    }

    /** The answer has arrived: the entry is the application's now, and leaving must not touch it. */
    void delivered(MemoryContender contender) {
        step(contender.key(), (line, after) -> {
            contender.place(null);
            return true;
        });
    }

    /** Gives up the place that was taken with an id: the engine undoes that, and it must not be granted before. */
    void leave(MemoryContender contender, OwnerId id) {
        step(contender.key(), (line, after) -> {
            if (id.equals(contender.place()) && line.queue.remove(contender)) {
                contender.place(null);
                line.wakeHead(after);
            }
            return true;
        });
    }

    void leave(MemoryContender contender) {
        step(contender.key(), (line, after) -> {
            OwnerId place = contender.place();
            contender.place(null);
            if (line.queue.remove(contender)) {
                line.wakeHead(after);
            } else if (line.entry != null && line.entry.owner.equals(place)) {
                line.free(after); // granted, but the answer never arrived
            }
            return true;
        });
    }

    /** Ends a held entry and tells its holder. */
    boolean end(Key key, LossReason reason) {
        return step(key, (line, after) -> {
            boolean held = line.entry != null;
            if (held) {
                line.tellHolder(reason, after);
                line.free(after);
            }
            return held;
        });
    }

    boolean forceRelease(Key key, long token) {
        return step(key, (line, after) -> {
            boolean theirs = line.entry != null && line.entry.grant != null && line.entry.grant.fencingToken() == token;
            if (theirs) {
                line.tellHolder(LossReason.FORCED, after);
                line.free(after);
            }
            return theirs;
        });
    }

    boolean takeOver(Key key, Duration lease) {
        return step(key, (line, after) -> {
            boolean held = line.entry != null;
            if (line.entry != null) {
                line.tellHolder(LossReason.TAKEN, after);
                fence = Math.max(fence + 1, epochMicros());
                line.entry = new MemoryEntry(new OwnerId(0, fence), null, line.entry.holder, now() + lease.toNanos());
                line.wakeHead(after); // it must learn when the new lease ends
            }
            return held;
        });
    }

    boolean expire(Key key) {
        return step(key, (line, after) -> {
            boolean held = line.entry != null;
            if (held) {
                line.free(after);
            }
            return held;
        });
    }

    Optional<HolderInfo> holder(Key key) {
        return step(key, (line, after) -> Optional.ofNullable(line.entry).map(entry -> entry.holder));
    }

    Optional<Duration> timeToLive(Key key) {
        return step(
                key,
                (line, after) ->
                        Optional.ofNullable(line.entry).map(entry -> Duration.ofNanos(entry.expiresAt - now())));
    }

    int waiters(Key key) {
        return step(key, (line, after) -> line.queue.size());
    }

    int size() {
        lock.lock();
        try {
            return lines.size();
        } finally {
            lock.unlock();
        }
    }

    private interface Step<T> {
        T run(MemoryLine line, List<Runnable> after);
    }

    private <T> T step(Key key, Step<T> step) {
        var after = new ArrayList<Runnable>();
        T result;
        lock.lock();
        try {
            var line = lines.computeIfAbsent(key, k -> new MemoryLine());
            if (line.entry != null && line.entry.expiresAt <= now()) {
                line.free(after);
            }
            result = step.run(line, after);
            if (line.isEmpty()) {
                lines.remove(key);
            }
        } finally {
            lock.unlock();
        }
        after.forEach(MemoryStore::guarded);
        return result;
    }

    /** A wake-up that throws must not take the others', or the caller's answer. */
    private static void guarded(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException broken) {
            log.error("a wake-up or loss signal failed", broken);
        }
    }

    private long now() {
        return nanoTime.getAsLong();
    }

    private long epochMicros() {
        return originMicros + (now() - originNanos) / 1_000;
    }
}
