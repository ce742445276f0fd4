// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.RuleId;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.HistoryEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * How long waiters waited for a lock that nobody held any more (14.06). Each list is sorted. Immutable.
 *
 * @param handOffs from the begin of a release to the next grant, with a waiter there
 * @param crashReleases from the end of a holder's process to the next grant, with a waiter there
 * @param expiries from the end of a holder's validity to the next grant, with a waiter there
 */
public record Latencies(List<Duration> handOffs, List<Duration> crashReleases, List<Duration> expiries) {
    private static final RuleId RULE = new RuleId(14, 6);

    /**
     * Copies and sorts.
     *
     * @param handOffs as the record tells
     * @param crashReleases as the record tells
     * @param expiries as the record tells
     */
    public Latencies {
        handOffs = handOffs.stream().sorted().toList();
        crashReleases = crashReleases.stream().sorted().toList();
        expiries = expiries.stream().sorted().toList();
    }

    /**
     * Measures a history.
     *
     * @param history a valid one
     * @return its latencies
     * @throws IllegalArgumentException if the history has a gap
     */
    public static Latencies of(History history) {
        List<Duration> handOffs = new ArrayList<>();
        List<Duration> crashes = new ArrayList<>();
        List<Duration> expiries = new ArrayList<>();
        for (LockHistory lock : LockHistory.of(history.events())) {
            new OneLock(lock).measure(handOffs::add, crashes::add, expiries::add);
        }
        return new Latencies(handOffs, crashes, expiries);
    }

    /**
     * What took longer than the backend promises: W after a release, C after the end of a validity, and after the end
     * of a process the lease time and C.
     *
     * @param header that names the bounds
     * @param scale that they are multiplied with
     * @return at most one violation of 14.06 for each list
     */
    public List<Violation> violations(HistoryHeader header, double scale) {
        Duration wakeUp = scaled(header.timing().wakeUp(), scale);
        Duration crashRelease = scaled(header.timing().crashRelease(), scale);
        List<Violation> found = new ArrayList<>();
        compare(handOffs, wakeUp, "a release", found);
        compare(expiries, crashRelease, "the end of a validity", found);
        compare(crashReleases, crashRelease.plus(header.lease()), "the end of the holder's process", found);
        return found;
    }

    /**
     * A percentile of a sorted list.
     *
     * @param sorted one of the lists of this record, not empty
     * @param percent from 0 to 100
     * @return the smallest one that so many percent are not longer than
     */
    public static Duration percentile(List<Duration> sorted, double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    private static Duration scaled(Duration bound, double scale) {
        return Duration.ofNanos((long) (bound.toNanos() * scale));
    }

    private static void compare(List<Duration> sorted, Duration bound, String since, List<Violation> found) {
        long late = sorted.stream().filter(one -> one.compareTo(bound) > 0).count();
        if (late > 0) {
            Duration worst = sorted.get(sorted.size() - 1);
            found.add(new Violation(
                    RULE,
                    RULE + " " + late + " of " + sorted.size() + " grants to a waiter came later than "
                            + bound.toMillis() + " ms after " + since + ", the latest after " + worst.toMillis()
                            + " ms",
                    List.of()));
        }
    }

    /** The grants of one lock, and when somebody waited for it who got it in the end. */
    private static final class OneLock {
        private final LockHistory lock;
        private final long[] waitsBegin;
        private final long[] waitsEnd;

        OneLock(LockHistory lock) {
            this.lock = lock;
            waitsBegin = waits(Operation::calledAt);
            waitsEnd = waits(Operation::returnedAt);
        }

        private long[] waits(ToLongFunction<Operation> bound) {
            return lock.holds().stream()
                    .map(Hold::acquisition)
                    .filter(call -> call.kind() == Kind.ACQUIRE)
                    .mapToLong(bound)
                    .sorted()
                    .toArray();
        }

        void measure(Consumer<Duration> handOffs, Consumer<Duration> crashes, Consumer<Duration> expiries) {
            long[] grantedAt = lock.holds().stream().mapToLong(Hold::grantedAt).toArray();
            for (Hold hold : lock.holds()) {
                long end = hold.definiteEnd();
                int next = Tasks.countUpTo(grantedAt, end);
                if (next == grantedAt.length || !isAwaited(end)) {
                    continue;
                }
                var latency = Duration.ofNanos(grantedAt[next] - end);
                if (end == hold.killedAt()) {
                    crashes.accept(latency);
                } else if (end == hold.claimedUntil()) {
                    expiries.accept(latency);
                } else if (hold.isReleased()) {
                    handOffs.accept(latency);
                }
            }
        }

        private boolean isAwaited(long nanos) {
            return Tasks.countUpTo(waitsBegin, nanos) > Tasks.countUpTo(waitsEnd, nanos);
        }
    }
}
