// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Entries, fences, tombstones and watchers. Every call is one atomic step, by the store's own clock. Thread-safe. */
final class ToyStore {
    private static final long NEVER = Duration.ofDays(3650).toNanos();

    private final long originNanos = System.nanoTime();
    private final long originMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ToyEntry> entries = new HashMap<>(); // guarded by lock
    private final Map<String, Long> fences = new HashMap<>(); // guarded by lock
    private final Map<Owned, Long> tombstones = new HashMap<>(); // guarded by lock; until when
    private final Map<Owned, Long> forced = new HashMap<>(); // guarded by lock; until when
    private final Map<String, Set<Consumer<String>>> watchers = new HashMap<>(); // guarded by lock

    private record Owned(String key, String owner) {}

    String acquire(String key, String owner, long leaseMicros, int tokens, String holder) {
        return step(() -> {
            if (tombstones.containsKey(new Owned(key, owner))) {
                return "BLOCKED";
            }
            ToyEntry entry = entries.get(key);
            if (entry == null) {
                entry = grant(key, owner, tokens, holder);
            } else if (!entry.owner().equals(owner)) {
                return entry.describe(now());
            }
            entries.put(key, entry.until(now() + micros(leaseMicros)));
            return "GRANTED " + entry.token();
        });
    }

    /** For backends that are broken: an entry without an expiry. */
    String setIfAbsent(String key, String owner, int tokens, String holder) {
        return step(() -> {
            ToyEntry entry = entries.get(key);
            if (entry != null) {
                return entry.describe(now());
            }
            return "GRANTED " + grant(key, owner, tokens, holder).token();
        });
    }

    /** For backends that are broken: whoever holds it. */
    boolean expireIn(String key, long leaseMicros) {
        return step(() ->
                entries.computeIfPresent(key, (k, entry) -> entry.until(now() + micros(leaseMicros))) != null);
    }

    Optional<String> owner(String key) {
        return step(() -> Optional.ofNullable(entries.get(key)).map(ToyEntry::owner));
    }

    String renew(String key, String owner, long leaseMicros) {
        return step(() -> {
            ToyEntry entry = entries.get(key);
            if (entry != null && entry.owner().equals(owner)) {
                entries.put(key, entry.until(now() + micros(leaseMicros)));
                return "RENEWED";
            }
            if (forced.containsKey(new Owned(key, owner))) {
                return "FORCED";
            }
            return entry == null ? "GONE" : "TAKEN";
        });
    }

    boolean release(String key, String owner) {
        return freeIf(
                key, () -> entries.containsKey(key) && entries.get(key).owner().equals(owner));
    }

    void undo(String key, String owner, long blockMicros) {
        step(() -> tombstones.put(new Owned(key, owner), now() + micros(blockMicros)));
        release(key, owner); // after the block: nothing can come in between
    }

    boolean forceRelease(String key, long token) {
        return freeIf(key, () -> {
            ToyEntry entry = entries.get(key);
            boolean theirs = entry != null && entry.token() == token;
            if (theirs) {
                forced.put(new Owned(key, entry.owner()), entry.expiresAt() + TimeUnit.MINUTES.toNanos(1));
            }
            return theirs;
        });
    }

    /** Deletes the entry whoever holds it, and tells the watchers. */
    boolean delete(String key) {
        return freeIf(key, () -> entries.containsKey(key));
    }

    /** As an administrator would: nobody is told. */
    boolean remove(String key) {
        return step(() -> entries.remove(key) != null);
    }

    boolean steal(String key, String thief, Duration lease) {
        return step(() ->
                entries.computeIfPresent(key, (k, entry) -> entry.ownedBy(thief).until(now() + lease.toNanos()))
                        != null);
    }

    void put(String key, ToyEntry entry) {
        step(() -> entries.put(key, entry));
    }

    Optional<ToyEntry> entry(String key) {
        return step(() -> Optional.ofNullable(entries.get(key)));
    }

    String describe(String key) {
        return step(() -> entries.containsKey(key) ? entries.get(key).describe(now()) : "FREE");
    }

    Optional<Duration> timeToLive(String key) {
        return step(
                () -> Optional.ofNullable(entries.get(key)).map(entry -> Duration.ofNanos(entry.expiresAt() - now())));
    }

    /** Entries and tombstones. */
    int entries(String key) {
        return step(() -> (entries.containsKey(key) ? 1 : 0)
                + (int) tombstones.keySet().stream()
                        .filter(o -> o.key().equals(key))
                        .count());
    }

    int fences(String key) {
        return step(() -> fences.containsKey(key) ? 1 : 0);
    }

    void watch(String key, Consumer<String> watcher) {
        step(() -> watchers.computeIfAbsent(key, k -> new HashSet<>()).add(watcher));
    }

    void unwatch(String key, Consumer<String> watcher) {
        step(() -> {
            watchers.computeIfPresent(key, (k, all) -> all.remove(watcher) && all.isEmpty() ? null : all);
            return true;
        });
    }

    void unwatchAll(Consumer<String> watcher) {
        step(() -> watchers.values().removeIf(all -> all.remove(watcher) && all.isEmpty()));
    }

    int watchers(String key) {
        return step(() -> watchers.getOrDefault(key, Set.of()).size());
    }

    int watchers() {
        return step(() -> watchers.values().stream().mapToInt(Set::size).sum());
    }

    private ToyEntry grant(String key, String owner, int tokens, String holder) {
        long nowMicros = originMicros + TimeUnit.NANOSECONDS.toMicros(now());
        long token = Math.max(fences.getOrDefault(key, 0L) + 1, nowMicros);
        fences.put(key, token + tokens - 1);
        var entry = new ToyEntry(owner, token, nowMicros, holder, NEVER);
        entries.put(key, entry);
        return entry;
    }

    private boolean freeIf(String key, Supplier<Boolean> condition) {
        List<Consumer<String>> told = step(() -> {
            if (!condition.get()) {
                return null;
            }
            entries.remove(key);
            return new ArrayList<>(watchers.getOrDefault(key, Set.of()));
        });
        if (told == null) {
            return false;
        }
        told.forEach(watcher -> watcher.accept("FREE " + key));
        return true;
    }

    private <T> T step(Supplier<T> step) {
        lock.lock();
        try {
            long now = now();
            entries.values().removeIf(entry -> entry.expiresAt() <= now);
            tombstones.values().removeIf(until -> until <= now);
            forced.values().removeIf(until -> until <= now);
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds since the store began. */
    private long now() {
        return System.nanoTime() - originNanos;
    }

    private static long micros(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
