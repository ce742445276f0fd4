// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;

/**
 * Work in a thread group of its own. A thread is born into the group of the one that starts it, so the library's threads
 * can be told from those of everybody else in this JVM. Thread-safe.
 */
final class Family {
    /** Threads of the kit itself. */
    private static final Predicate<Thread> OURS = thread -> thread.getName().startsWith("tck-");

    private final ThreadGroup group = new ThreadGroup("tck-family");

    /** Does something in a thread of the family. */
    <T> T call(Callable<T> body) throws Exception {
        var task = new FutureTask<>(body);
        var thread =
                new Thread(group, task, "tck-family-" + Thread.currentThread().getName());
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) failed.getCause();
        } finally {
            task.cancel(true);
        }
    }

    /** The library's threads that are alive. */
    List<String> threads() {
        var members = new Thread[group.activeCount() + 1_000];
        int found = group.enumerate(members);
        return Arrays.stream(members, 0, found)
                .filter(Objects::nonNull)
                .filter(OURS.negate())
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    /** Whether the current thread is one of the family's. */
    boolean isHere() {
        return group.parentOf(Thread.currentThread().getThreadGroup());
    }
}
