// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockListener;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** §10 as well: what a client leaves in its JVM, and what its end has to do with others there. */
public class LifecycleInOneJvmRules {
    /** Not a promise of anybody's, but a thread that takes longer to end has been forgotten. */
    private static final Duration THREADS_END = Duration.ofSeconds(5);

    /** As short as a slow store allows, because close() may take three of them. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

    /**
     * An executor of the application's stays open. That a pool, DataSource or CuratorFramework of its own does is tested
     * where such a thing is known: in the backend's module.
     */
    @Rule("10.07")
    void r10_07_closeEndsThreadsAndSubscriptions(Trial trial) throws Exception {
        var family = new Family();
        int subscriptions = subscriptions(trial);
        family.call(() -> usedAndClosed(trial)); // what is there once for a JVM begins with the first client
        int once = threadsLeft(trial, family, 0).size();
        family.call(() -> usedAndClosed(trial));
        List<String> left = threadsLeft(trial, family, once);
        if (left.size() > once) {
            throw new AssertionError("threads outlive their closed client by "
                    + trial.settings().scaled(THREADS_END).toSeconds() + " s: " + left);
        }
        Expect.inTheEnd(
                trial,
                trial.settings().scaled(THREADS_END),
                "subscriptions end with their client",
                () -> subscriptions(trial) <= subscriptions);
        leavesTheExecutorOpen(trial);
    }

    /** The library's threads when no more than some are left, or after a time in which each should have ended. */
    static List<String> threadsLeft(Trial trial, Family family, int atMost) throws Exception {
        long start = trial.now();
        long bound = trial.settings().scaled(THREADS_END).toNanos();
        while (family.threads().size() > atMost && trial.now() - start < bound) {
            trial.pass(Duration.ofMillis(5));
        }
        return family.threads();
    }

    private static void leavesTheExecutorOpen(Trial trial) throws Exception {
        Map<String, String> config = trial.backend().applicationConfig();
        if (config.isEmpty()) {
            return; // the kit has no other way to hand an executor over
        }
        ExecutorService own = Executors.newSingleThreadExecutor(task -> new Thread(task, "tck-executor"));
        try {
            var builder = LockConfig.builder().callbackExecutor(own);
            config.forEach((key, value) -> {
                if (key.equals("uri")) {
                    builder.uri(value);
                } else {
                    builder.set(key, value);
                }
            });
            LockClient client = trial.closing(LockClient.open(builder.build()));
            Expect.outcome(client.lock(trial.name()).acquireAsync()).release();
            client.close();
            Expect.that(!own.isShutdown(), "close() of a client shut the application's executor down");
        } finally {
            own.shutdownNow();
        }
    }

    private static int subscriptions(Trial trial) {
        return trial.backend().store().map(store -> store.subscriptions()).orElse(0);
    }

    /** Uses all that may start a thread: renewal, waiting, async, listeners. */
    static boolean usedAndClosed(Trial trial) throws Exception {
        try (LockClient client = trial.backend().newClient(ClientSpec.direct())) {
            String name = trial.name();
            var released = new CompletableFuture<String>();
            client.addListener(new LockListener() {
                @Override
                public void released(String lockName, Duration held, ReleaseOutcome outcome) {
                    released.complete(lockName);
                }
            });
            Lease renewed = trial.take(client.lock(name, trial.renewedLease()));
            CompletableFuture<Lease> next = client.lock(name).acquireAsync();
            trial.pass(trial.bounds().lease());
            renewed.release();
            Expect.outcome(next).release();
            Expect.outcome(released);
            Lease left = trial.take(client.lock(trial.name(), trial.renewedLease()));
            return left.isHeld();
        }
    }

    @Rule("10.08")
    void r10_08_closeInACallback(Trial trial) throws Exception {
        closes(trial, "a LockListener", (client, name, close) -> {
            client.addListener(new LockListener() {
                @Override
                public void released(String lockName, Duration held, ReleaseOutcome outcome) {
                    close.run();
                }
            });
            trial.take(client.lock(name)).release();
        });
        closes(trial, "a LeaseListener", (client, name, close) -> {
            Lease lease = trial.take(client.lock(name, trial.shortLease()));
            lease.onStateChange(change -> {
                if (change.state() == LeaseState.LOST) {
                    close.run();
                }
            });
            trial.eventually(
                    trial.bounds().generous(), "an unrenewed lease is over", () -> lease.state() == LeaseState.LOST);
        });
        closes(trial, "a dependant of acquireAsync()", (client, name, close) -> {
            Lease held = trial.take(client.lock(name));
            client.lock(name).acquireAsync().thenAccept(lease -> close.run());
            held.release();
        });
    }

    private interface Scene {
        void play(LockClient client, String name, Runnable close) throws Exception;
    }

    private static void closes(Trial trial, String where, Scene scene) throws Exception {
        LockClient client = trial.client(ClientSpec.direct().with("callTimeout", CALL_TIMEOUT.toMillis() + "ms"));
        String name = trial.name();
        Lease held = trial.take(client.lock(trial.name()));
        var closed = new CompletableFuture<Void>();
        scene.play(client, name, () -> {
            client.close();
            closed.complete(null);
        });
        Duration bound = trial.settings()
                .scaled(CALL_TIMEOUT.multipliedBy(3))
                .plus(trial.bounds().slack());
        try {
            closed.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hangs) {
            throw new TimingError("close() in " + where + " has not ended after " + bound.toMillis() + " ms");
        }
        LockClient other = trial.client();
        LifecycleRules.takeBy(trial, other, name, "close() in " + where).release();
        LifecycleRules.takeBy(trial, other, held.lockName(), "close() in " + where)
                .release();
    }

    @Rule("10.10")
    void r10_10_clientsOfOneJvmShareNothing(Trial trial) throws Exception {
        LockClient staying = trial.client();
        LockClient closing = trial.client();
        LockOptions options =
                LockOptions.defaults().withLease(trial.bounds().lease().multipliedBy(3));
        DistributedLock lock = staying.lock(trial.name(), options);
        Lease renewed = trial.take(lock);
        var waiting = staying.lock(renewed.lockName()).acquireAsync();
        Lease given = trial.take(closing.lock(trial.name()));
        closing.close();
        trial.pass(options.lease().plus(trial.bounds().slack()));
        trial.assertHeld(renewed, "after the close of another client of this JVM, although it is renewed");
        renewed.release();
        Expect.done(
                "a wait during the close of another client",
                () -> Expect.outcome(waiting).release());
        LockClient fresh = trial.client();
        LifecycleRules.takeBy(trial, fresh, given.lockName(), "its holder's client was closed")
                .release();
        Lease again = trial.take(staying.lock(given.lockName()));
        trial.assertRefused(fresh.lock(given.lockName()), "another client of this JVM holds it");
        again.release();
    }

    @Rule("10.11")
    void r10_11_aLeakedLeaseIsToldAndGivenBack(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        var told = new CompletableFuture<String>();
        client.addListener(new LockListener() {
            @Override
            public void leaked(String lockName, String acquiredAt) {
                told.complete(lockName);
            }
        });
        long start = trial.now();
        leak(trial, client, name);
        trial.eventually(trial.settings().scaled(THREADS_END), "a listener is told of a leaked lease", () -> {
            System.gc();
            trial.pass(trial.bounds().lease().dividedBy(3)); // until its next renewal is due
            return told.isDone();
        });
        Expect.that(name.equals(told.get()), "a listener is told of a leaked lease of lock '" + told.get() + "'");
        Duration bound = trial.bounds().lease().plus(trial.bounds().crashRelease());
        trial.client().lock(name).acquire(bound).release();
        trial.measure("leaked lease given back", trial.settings().scaled(THREADS_END), trial.now() - start);
    }

    /** A method of its own, so that no register or stack slot keeps the lease. */
    private static void leak(Trial trial, LockClient client, String name) {
        trial.assertHeld(trial.take(client.lock(name, trial.renewedLease())), "right after the grant");
    }
}
