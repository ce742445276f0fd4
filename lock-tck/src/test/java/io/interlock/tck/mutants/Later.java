// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What mutants do behind the back of their callers, each task in a thread of its own: on few processors the common pool
 * has one thread, and a mutant that blocks would hold up all that run at the same time.
 */
final class Later {
    private Later() {}

    /** {@return an executor that lets so much time pass first} */
    static Executor afterMillis(long delay) {
        return CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS, Later::inThread);
    }

    static void inThread(Runnable task) {
        var thread = new Thread(task, "mutant-later");
        thread.setDaemon(true);
        thread.start();
    }
}
