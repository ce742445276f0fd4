// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockListener;
import io.interlock.LockTimeoutException;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Link;
import io.interlock.tck.run.Actor;
import io.interlock.tck.run.Refusals;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** §15 as well: what a client promises. */
public class PromiseRules {
    private static final int THREADS = 8;
    private static final int ROUNDS = 25;
    private static final Duration MOMENT = Duration.ofMillis(2);

    @Rule("15.03")
    void r15_03_declaredWorksAndTheRestIsRefused(Trial trial) {
        for (Capability capability : Capability.values()) {
            if (trial.declares(capability)) {
                Expect.done("a client that requires " + capability + ", which is declared,", () -> {
                    trial.client(ClientSpec.direct().requiring(capability)).close();
                    return capability;
                });
            } else {
                Refusals.verify(trial, capability);
            }
        }
        LockClient client = trial.client();
        Lease lease = trial.take(client.lock(trial.name()));
        if (trial.declares(Capability.FENCING)) {
            long token = Expect.done("FENCING is declared, and fencingToken()", lease::fencingToken);
            Expect.that(token > 0, "FENCING is declared, and a token is " + token);
        }
        if (trial.declares(Capability.EXTEND)) {
            boolean renewed =
                    Expect.done("EXTEND is declared, and renew(30 s)", () -> lease.renew(Duration.ofSeconds(30)));
            Expect.that(renewed, "EXTEND is declared, and renew(30 s) of a held lease is refused");
        }
        if (trial.declares(Capability.INSPECT)) {
            var holder = Expect.done("INSPECT is declared, and holder(name)", () -> client.holder(lease.lockName()));
            Expect.that(holder.isPresent(), "INSPECT is declared, and a held lock has no holder");
        }
        if (trial.declares(Capability.FORCE_RELEASE)) {
            forceReleases(client, lease);
        }
    }

    private static void forceReleases(LockClient client, Lease lease) {
        boolean ended = Expect.done(
                "FORCE_RELEASE is declared, and forceRelease(name, token)",
                () -> client.forceRelease(lease.lockName(), lease.fencingToken()));
        Expect.that(ended, "FORCE_RELEASE is declared, and forceRelease(name, token) of a held lock does nothing");
    }

    @Rule("15.04")
    void r15_04_capabilitiesAndNumbersAreConstant(Trial trial) throws Exception {
        LockClient client = trial.client();
        Set<Capability> atFirst = declared(client);
        var timing = trial.backend().timing();
        areStill(client, atFirst, "at once");
        Expect.that(declared(trial.client()).equals(atFirst), "another client declares other capabilities");
        Lease lease = trial.take(client.lock(trial.name()));
        areStill(client, atFirst, "after a grant");
        lease.release();
        areStill(client, atFirst, "after a release");
        Lease lost = trial.take(client.lock(trial.name(), trial.shortLease()));
        trial.eventually(trial.bounds().generous(), "an unrenewed lease is over", () -> !lost.isHeld());
        areStill(client, atFirst, "after a loss");
        Expect.refused(
                UnsupportedOperationException.class,
                "a change of capabilities()",
                () -> client.capabilities().addAll(EnumSet.allOf(Capability.class)));
        client.close();
        areStill(client, atFirst, "after close()");
        Expect.that(trial.backend().timing().equals(timing), "the bounds that the backend promises have changed");
        if (!trial.backend().applicationConfig().isEmpty()) {
            isAsTheProviderSays(Installed.of(trial), atFirst);
        }
    }

    private static Set<Capability> declared(LockClient client) {
        return Set.copyOf(client.capabilities());
    }

    private static void areStill(LockClient client, Set<Capability> atFirst, String when) {
        Set<Capability> now = declared(client);
        Expect.that(now.equals(atFirst), "capabilities() was " + atFirst + ", and is " + now + " " + when);
    }

    private static void isAsTheProviderSays(Installed found, Set<Capability> declared) {
        String variant = found.config().variant().orElse(found.provider().defaultVariant());
        Set<Capability> said = found.provider().variants().get(variant);
        Expect.that(
                declared.equals(said),
                "the provider says that the variant '" + variant + "' declares " + said + ", and a client declares "
                        + declared);
    }

    @Rule("15.08")
    void r15_08_oneClientForAllThreads(Trial trial) throws Exception {
        LockClient client = trial.client();
        String shared = trial.name();
        var inside = new int[1];
        List<Actor<Boolean>> threads = IntStream.range(0, THREADS)
                .mapToObj(i -> trial.start(() -> {
                    String own = trial.name();
                    for (int round = 0; round < ROUNDS; round++) {
                        useOwn(trial, client, own);
                        useShared(client, shared, inside);
                    }
                    return true;
                }))
                .toList();
        for (Actor<Boolean> thread : threads) {
            Expect.done("one of " + THREADS + " threads that use a client at the same time", thread::get);
        }
        client.lock(shared).acquire(trial.bounds().generous()).release();
        Expect.that(inside[0] == 0, "a thread has left the lock '" + shared + "' twice");
    }

    private static void useOwn(Trial trial, LockClient client, String name) throws Exception {
        DistributedLock lock = client.lock(name);
        var registration = client.addListener(new LockListener() {});
        trial.take(lock).release();
        Expect.outcome(lock.acquireAsync()).release();
        lock.call(lease -> lease.isHeld() && client.capabilities().isEmpty());
        lock.asLock().lock();
        lock.asLock().unlock();
        if (trial.declares(Capability.INSPECT)) {
            Expect.that(client.holder(name).isEmpty(), "lock '" + name + "' has a holder after its release");
        }
        registration.close();
    }

    private static void useShared(LockClient client, String name, int[] inside) throws InterruptedException {
        var lease = client.lock(name).tryAcquire(MOMENT);
        if (lease.isPresent()) {
            int before = inside[0];
            LockSupport.parkNanos(1); // lets others in between
            inside[0] = before + 1;
            Expect.that(inside[0] == 1, "two threads are inside the lock '" + name + "' at the same time");
            inside[0] = 0;
            lease.get().release();
        }
        var async = client.lock(name).acquireAsync();
        if (!async.cancel(true)) {
            async.join().release(); // it was faster
        }
    }

    @Rule("15.09")
    void r15_09_failuresTellWhatHappened(Trial trial) throws Exception {
        LockClient client = trial.client();
        Lease held = trial.take(trial.client().lock(trial.name()));
        DistributedLock lock = client.lock(held.lockName());
        namesCaller(Expect.refused(
                IllegalArgumentException.class, "a negative wait", () -> lock.tryAcquire(Duration.ofMillis(-1))));
        LockTimeoutException timeout =
                Expect.refused(LockTimeoutException.class, "a wait that timed out", () -> lock.acquire(MOMENT));
        namesCaller(timeout);
        namesLock(timeout, lock.name());
        Actor<Lease> waiter = trial.start(lock::acquire);
        trial.awaitWaiting(lock.name(), 1, waiter);
        waiter.interrupt();
        Expect.refused(InterruptedException.class, "an interrupted wait", waiter::get);
        Lease lost = trial.take(client.lock(trial.name(), trial.shortLease()));
        trial.eventually(trial.bounds().generous(), "an unrenewed lease is over", () -> !lost.isHeld());
        LeaseLostException loss = Expect.refused(LeaseLostException.class, "ensureHeld() on a lost lease", () -> {
            lost.ensureHeld();
            return false;
        });
        namesCaller(loss);
        namesLock(loss, lost.lockName());
        client.close();
        namesCaller(Expect.refused(IllegalStateException.class, "a call of a closed client", lock::tryAcquire));
        if (trial.backend().network().isPresent()) {
            unavailable(trial);
        }
    }

    private static void unavailable(Trial trial) {
        Link link = trial.newLink();
        DistributedLock lock = trial.client(ClientSpec.through(link)).lock(trial.name());
        link.cut();
        LockBackendException failure = Expect.refused(
                LockBackendException.class, "an acquire over a connection that is cut", lock::tryAcquire);
        namesCaller(failure);
        Expect.that(
                failure.getCause() != null,
                "the failure of the store is told without its cause: " + failure.getMessage());
    }

    private static void namesCaller(Throwable thrown) {
        boolean named = Arrays.stream(thrown.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(PromiseRules.class.getName()));
        Expect.that(named, "the stack trace of a failure does not name the caller: " + Expect.words(thrown));
    }

    private static void namesLock(Throwable thrown, String name) {
        Expect.that(
                String.valueOf(thrown.getMessage()).contains(name),
                "a failure does not name the lock '" + name + "': " + Expect.words(thrown));
    }
}
