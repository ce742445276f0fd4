// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/**
 * Threads that all ask for a lock at the same moment, round after round. Confined to the rule's thread.
 *
 * @param <L> what is granted
 */
final class Burst<L> {
    private final Trial trial;
    private final CyclicBarrier start;
    private final CyclicBarrier end;
    private final Queue<L> winners = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /** One thread for each way to ask. */
    Burst(Trial trial, List<Callable<Optional<L>>> asking) {
        this.trial = trial;
        start = new CyclicBarrier(asking.size() + 1);
        end = new CyclicBarrier(asking.size() + 1);
        asking.forEach(this::contender);
    }

    private void contender(Callable<Optional<L>> ask) {
        trial.start(() -> {
            while (!Thread.currentThread().isInterrupted()) { // the end of the attempt interrupts it
                start.await();
                try {
                    ask.call().ifPresent(winners::add);
                } catch (Throwable e) {
                    failures.add(e);
                }
                end.await();
            }
            return true;
        });
    }

    /** Lets all ask at once, and answers who was granted. */
    List<L> round() throws Exception {
        winners.clear();
        meet(start);
        meet(end);
        for (Throwable failure : failures) {
            if (failure instanceof TimingError late) {
                throw late;
            }
            throw new AssertionError(
                    "one of many who asked at once failed as " + Calls.words(failure) + ": " + failure.getMessage(),
                    failure);
        }
        return List.copyOf(winners);
    }

    /** One round on a free lock: demands that exactly one is granted, or at most one. */
    Optional<L> oneWinner(String name, String when, boolean someoneMust) throws Exception {
        List<L> granted = round();
        if (granted.size() > 1) {
            throw new AssertionError("lock '" + name + "' was granted to " + granted.size()
                    + " of those who asked at once " + when + ": one at most may hold it");
        }
        if (granted.isEmpty() && someoneMust) {
            throw new AssertionError("lock '" + name + "' was refused to all of those who asked at once " + when
                    + ": one of them must be granted");
        }
        return granted.stream().findFirst();
    }

    private void meet(CyclicBarrier barrier) throws Exception {
        barrier.await(trial.bounds().generous().toNanos(), TimeUnit.NANOSECONDS);
    }
}
