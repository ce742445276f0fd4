// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockListener;
import io.interlock.LockOptions;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.run.NotVerified;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** §12: what a client leaves in its own JVM. */
public class HygieneRules {
    private static final int FEW = 20;
    private static final int MANY = 200;
    private static final int POOLS = 16; // the threads by which pools may grow until they are full
    private static final int CLIENTS = 1_000;
    private static final int ROUNDS = 5;
    private static final Duration SETTLED = Duration.ofSeconds(1);
    private static final Duration BACK = Duration.ofSeconds(5);

    @Rule("12.04")
    void r12_04_connectionsComeBack(Trial trial) throws Exception {
        int before = connections(trial);
        LockClient holder = trial.client();
        Lease held = trial.take(holder.lock(trial.name()));
        LockClient client = trial.client();
        var uses = new Uses(trial, client, held.lockName());
        uses.each(FEW);
        growNoMore(trial, uses);
        held.release();
        // a pool whose loans did not come back is empty by now
        LifecycleRules.takeBy(trial, client, held.lockName(), "its release, to a client that failed to get it before")
                .release();
        client.close();
        holder.close();
        Expect.inTheEnd(
                trial,
                trial.settings().scaled(BACK),
                "connections are back to the " + before + " from before",
                () -> connections(trial) <= before);
    }

    /** A pool may need a few rounds to find its size, on a busy machine; what is not given back grows in each. */
    private static void growNoMore(Trial trial, Uses uses) throws Exception {
        int open = connections(trial);
        int first = open;
        for (int round = 1; ; round++) {
            uses.each(FEW);
            int most = open;
            try {
                trial.eventually(
                        trial.settings().scaled(SETTLED), "no more connections", () -> connections(trial) <= most);
                return;
            } catch (TimingError more) {
                open = connections(trial);
                if (round == ROUNDS) {
                    throw new AssertionError(
                            "after a first round of use " + first + " connections are open, and " + open + " after "
                                    + ROUNDS + " more, each of which needed more than those before",
                            more);
                }
            }
        }
    }

    private static int connections(Trial trial) {
        return trial.backend().store().map(StoreInspector::connections).orElse(0);
    }

    @Rule("12.05")
    void r12_05_threadsDoNotGrowWithLocks(Trial trial) throws Exception {
        var family = new Family();
        family.call(() -> LifecycleInOneJvmRules.usedAndClosed(trial));
        int once = LifecycleInOneJvmRules.threadsLeft(trial, family, 0).size();
        family.call(() -> {
            try (LockClient client = trial.backend().newClient(ClientSpec.direct())) {
                int few = threadsWith(trial, family, client, FEW);
                int many = threadsWith(trial, family, client, MANY);
                Expect.that(
                        many <= few + POOLS,
                        "a client with " + FEW + " locks has " + few + " threads, and with " + MANY + " it has "
                                + many);
                return many;
            }
        });
        List<String> left = LifecycleInOneJvmRules.threadsLeft(trial, family, once);
        Expect.that(left.size() <= once, "threads outlive their closed client: " + left);
    }

    /** The most threads there are while locks are held and renewed. */
    private static int threadsWith(Trial trial, Family family, LockClient client, int locks) throws Exception {
        LockOptions options =
                LockOptions.defaults().withLease(trial.bounds().lease().multipliedBy(5));
        var leases = new ArrayList<Lease>();
        int most = 0;
        for (int i = 0; i < locks; i++) {
            leases.add(trial.take(client.lock(trial.name(), options)));
        }
        long start = trial.now();
        while (trial.now() - start < options.lease().toNanos() / 2) {
            trial.pass(Duration.ofMillis(5));
            most = Math.max(most, family.threads().size());
        }
        leases.forEach(Lease::release);
        return most;
    }

    @Rule("12.07")
    void r12_07_nothingIsRememberedInTheClient(Trial trial) throws Exception {
        LockClient client = trial.client();
        Lease held = trial.take(trial.client().lock(trial.name()));
        var watched = new Watched();
        var uses = new Uses(trial, client, held.lockName());
        for (int i = 0; i < FEW; i++) {
            use(trial, client, watched);
            uses.each(1);
            watched.add(startedAndEnded(trial, client));
        }
        watched.requireCollected(trial, 2, "a client was given or has given");
        Expect.that(held.isHeld(), "the lock that others waited for is no longer held");
    }

    /** In the thread of the rule, which lives on: what stays with it would be seen. */
    private static void use(Trial trial, LockClient client, Watched watched) throws Exception {
        String name = watched.add(trial.name());
        DistributedLock lock = watched.add(client.lock(name, watched.add(trial.renewedLease())));
        var listener = watched.add(new LockListener() {});
        var registration = client.addListener(listener);
        Lease lease = watched.add(trial.take(lock));
        lease.onStateChange(watched.add(change -> trial.now()));
        lease.release();
        Lease async = watched.add(Expect.outcome(watched.add(lock.acquireAsync())));
        async.release();
        var view = watched.add(lock.asLock());
        view.lock();
        view.lock();
        view.unlock();
        view.unlock();
        registration.close();
    }

    /** A thread that has used the client, and is gone. */
    private static Thread startedAndEnded(Trial trial, LockClient client) throws Exception {
        var failed = new CompletableFuture<Boolean>();
        var thread = new Thread(() -> failed.complete(usedInAThread(trial, client)), "tck-passing-by");
        thread.start();
        thread.join();
        Expect.that(!failed.getNow(true), "a lock was refused although it is free");
        return thread;
    }

    private static boolean usedInAThread(Trial trial, LockClient client) {
        var lock = client.lock(trial.name());
        boolean refused = lock.tryAcquire().map(Lease::release).isEmpty();
        lock.asLock().lock();
        lock.asLock().unlock();
        return refused;
    }

    @Rule("12.10")
    void r12_10_nothingIsPrintedAndSecretsStaySecret(Trial trial) throws Exception {
        var family = new Family();
        var streams = new Streams(family);
        var secrets = new Secrets(trial);
        streams.watch(() -> {
            LifecycleInOneJvmRules.usedAndClosed(trial);
            secrets.provoke();
            return true;
        });
        Expect.that(streams.printed().isBlank(), "the library printed: " + streams.printed());
        secrets.requireNotIn("the log", streams.logged());
        secrets.requireNotShown();
    }

    @Rule("12.11")
    void r12_11_fileDescriptorsAreStable(Trial trial) throws Exception {
        Path open = Path.of("/dev/fd");
        if (!Files.isDirectory(open)) {
            throw new NotVerified("needs /dev/fd, to count file descriptors");
        }
        openAndClose(trial, FEW);
        long before = count(open);
        long start = trial.now();
        int clients = openAndClose(trial, CLIENTS);
        trial.measure("open and close", BACK, (trial.now() - start) / clients);
        Expect.inTheEnd(
                trial,
                trial.settings().scaled(BACK),
                "after " + clients
                        + " clients were opened and closed, about as many file descriptors are open as before: "
                        + before,
                () -> count(open) <= before + clients / 10 + FEW);
    }

    private static int openAndClose(Trial trial, int most) {
        long start = trial.now();
        int clients = 0;
        while (clients < most && trial.now() - start < BACK.toNanos()) {
            trial.backend().newClient(ClientSpec.direct()).close();
            clients++;
        }
        return clients;
    }

    private static long count(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
