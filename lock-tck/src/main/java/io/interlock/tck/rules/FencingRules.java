// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockTimeoutException;
import io.interlock.LockView;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** §3: fencing. */
public class FencingRules {
    @Rule("3.01")
    void r3_01_tokensOfOneClientIncrease(Trial trial) throws Exception {
        DistributedLock lock = trial.lock();
        long[] last = {Long.MIN_VALUE};
        BoundedRounds.run(trial, 1000, round -> last[0] = grantedAfter(trial, lock, last[0], "grant " + round));
    }

    @Rule("3.03")
    void r3_03_tokensIncreaseOverTakeoverAfterExpiry(Trial trial) throws Exception {
        List<LockClient> clients = List.of(trial.client(), trial.client());
        String name = trial.name();
        long last = Long.MIN_VALUE;
        for (int round = 0; round < 4; round++) {
            DistributedLock lock = clients.get(round % 2).lock(name, trial.shortLease());
            Lease lease =
                    round == 0 ? trial.take(lock) : lock.acquire(trial.bounds().generous());
            last = assertLarger(lease, last, "the takeover of an expired lease");
        }
    }

    @Rule("3.05")
    void r3_05_counterOutlivesTheEntry(Trial trial) throws Exception {
        String name = trial.name();
        long[] last = {Long.MIN_VALUE};
        try (LockClient first = trial.client()) {
            last[0] = grantedAfter(trial, first.lock(name, trial.shortLease()), last[0], "nothing");
        }
        trial.pass(trial.bounds().lease().multipliedBy(2)); // whatever lives as long as a lease is gone now
        DistributedLock lock = trial.client().lock(name);
        last[0] = grantedAfter(trial, lock, last[0], "the lock was idle and its client closed");
        if (trial.backend().store().isPresent()) {
            assertOutlivesIntervention(trial, lock, last[0]);
        }
    }

    private static void assertOutlivesIntervention(Trial trial, DistributedLock lock, long idle) throws Exception {
        long last = assertLarger(trial.take(lock), idle, "a release");
        trial.store().delete(lock.name());
        last = assertLarger(Holding.takeSoon(trial, lock, "its entry was deleted"), last, "its entry was deleted");
        trial.store().expire(lock.name());
        assertLarger(Holding.takeSoon(trial, lock, "its entry expired"), last, "its entry expired");
    }

    @Rule("3.08")
    void r3_08_tokenIsConstantDuringAGrant(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Lease lease = trial.take(client.lock(name, Holding.steady(trial)));
        long token = lease.fencingToken();
        trial.pass(Holding.steadyLease(trial).dividedBy(2)); // renewed when a third is over
        assertToken(token, lease, "automatic renewals");
        if (trial.declares(Capability.EXTEND)) {
            lease.renew(Holding.steadyLease(trial));
            assertToken(token, lease, "renew()");
        }
        if (trial.declares(Capability.INSPECT)) {
            assertShown(token, client, name, "its renewals");
            assertNestedTokenIsConstant(trial, client);
        }
        lease.release();
        Lease next = Holding.takeSoon(trial, trial.client().lock(name), "its release");
        assertToken(token, lease, "it was released and granted to another client");
        next.release();
    }

    private static void assertNestedTokenIsConstant(Trial trial, LockClient client) {
        String name = trial.name();
        LockView view = client.lock(name).asLock();
        view.lock();
        OptionalLong outer = shown(client, name);
        view.lock();
        OptionalLong nested = shown(client, name);
        view.unlock();
        OptionalLong after = shown(client, name);
        view.unlock();
        if (outer.isEmpty() || !outer.equals(nested) || !outer.equals(after)) {
            throw new AssertionError("the store shows token " + outer + " of lock '" + name + "', " + nested
                    + " inside a nested lock(), and " + after + " after it: one grant has one token");
        }
    }

    @Rule("3.09")
    void r3_09_refusedAttemptYieldsNoToken(Trial trial) throws Exception {
        String name = trial.name();
        Lease lease = trial.take(trial.client().lock(name));
        long token = lease.fencingToken();
        LockClient other = trial.client();
        DistributedLock refused = other.lock(name);
        Duration moment = Duration.ofMillis(20);
        assertNone(refused.tryAcquire(), "tryAcquire()");
        assertNone(refused.tryAcquire(Duration.ZERO), "tryAcquire(0)");
        assertNone(refused.tryAcquire(moment), "tryAcquire(20 ms)");
        try {
            assertNone(Optional.of(refused.acquire(moment)), "acquire(20 ms)");
        } catch (LockTimeoutException expected) {
            // refused, as it must be
        }
        try {
            Lease lateGrant =
                    refused.acquireAsync(moment).get(trial.bounds().generous().toMillis(), TimeUnit.MILLISECONDS);
            assertNone(Optional.of(lateGrant), "acquireAsync(20 ms)");
        } catch (ExecutionException expected) {
            // refused, as it must be
        }
        assertToken(token, lease, "refused attempts of another client");
        if (trial.declares(Capability.INSPECT)) {
            assertShown(token, other, name, "refused attempts");
        }
    }

    @Rule("3.11")
    void r3_11_tokensArePositiveAndOrderedAlikeInEveryClient(Trial trial) throws Exception {
        List<LockClient> clients =
                IntStream.range(0, 3).mapToObj(i -> trial.client()).toList();
        String name = trial.name();
        long[] last = {0}; // so that the first one must be positive
        BoundedRounds.run(trial, 120, round -> {
            LockClient client = clients.get(round % clients.size());
            Lease lease = trial.take(client.lock(name));
            last[0] = assertLarger(lease, last[0], "a grant of another client");
            if (trial.declares(Capability.INSPECT)) {
                assertShown(last[0], clients.get((round + 1) % clients.size()), name, "its grant");
            }
            lease.release();
        });
    }

    @Rule("3.12")
    void r3_12_namesDoNotDisturbEachOther(Trial trial) throws Exception {
        LockClient client = trial.client();
        List<DistributedLock> locks =
                IntStream.range(0, 5).mapToObj(i -> client.lock(trial.name())).toList();
        long[] last =
                LongStream.generate(() -> Long.MIN_VALUE).limit(locks.size()).toArray();
        BoundedRounds.run(trial, 50, round -> {
            for (int i = 0; i < last.length; i++) {
                // some names are used more often than others, so that their counters go apart
                for (int more = 0; more <= i; more++) {
                    last[i] = grantedAfter(trial, locks.get(i), last[i], "grants of other names");
                }
            }
        });
    }

    @Rule("3.13")
    void r3_13_tokenIsRefusedUnlessDeclared(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        DistributedLock lock = client.lock(name);
        try (Lease lease = trial.take(lock)) {
            assertHonest(trial, lease, "tryAcquire()");
            boolean shows =
                    trial.declares(Capability.INSPECT) && shown(client, name).isPresent();
            if (shows && !trial.declares(Capability.FENCING)) {
                throw new AssertionError("FENCING is not declared, and holder() shows token " + shown(client, name));
            }
        }
        try (Lease lease = lock.acquire()) {
            assertHonest(trial, lease, "acquire()");
        }
        try (Lease lease = lock.acquireAsync().get(trial.bounds().generous().toMillis(), TimeUnit.MILLISECONDS)) {
            assertHonest(trial, lease, "acquireAsync()");
        }
        lock.call(lease -> {
            assertHonest(trial, lease, "call()");
            return true;
        });
    }

    private static void assertHonest(Trial trial, Lease lease, String how) {
        try {
            long token = lease.fencingToken();
            if (!trial.declares(Capability.FENCING)) {
                throw new AssertionError(
                        "FENCING is not declared, and a lease from " + how + " has the made-up token " + token);
            }
        } catch (UnsupportedCapabilityException refused) {
            if (trial.declares(Capability.FENCING)) {
                throw new AssertionError(
                        "FENCING is declared, and a lease from " + how + " refuses its token", refused);
            }
        }
    }

    private static long grantedAfter(Trial trial, DistributedLock lock, long last, String after) {
        try (Lease lease = trial.take(lock)) {
            return assertLarger(lease, last, after);
        }
    }

    private static long assertLarger(Lease lease, long last, String after) {
        long token = lease.fencingToken();
        if (token <= last) {
            throw new AssertionError("lock '" + lease.lockName() + "' has token " + token + " after " + after
                    + "; it must be larger than " + last);
        }
        return token;
    }

    private static void assertToken(long token, Lease lease, String after) {
        if (lease.fencingToken() != token) {
            throw new AssertionError("the lease of lock '" + lease.lockName() + "' had token " + token + ", and has "
                    + lease.fencingToken() + " after " + after);
        }
    }

    private static void assertShown(long token, LockClient client, String name, String after) {
        OptionalLong shown = shown(client, name);
        if (shown.isEmpty()) {
            throw new TimingError("holder() shows no token of lock '" + name + "' after " + after);
        }
        if (shown.getAsLong() != token) {
            throw new AssertionError("holder() shows token " + shown.getAsLong() + " of lock '" + name + "' after "
                    + after + "; its lease has " + token);
        }
    }

    private static OptionalLong shown(LockClient client, String name) {
        return client.holder(name).map(holder -> holder.fencingToken()).orElse(OptionalLong.empty());
    }

    private static void assertNone(Optional<Lease> lease, String how) {
        lease.ifPresent(granted -> {
            throw new AssertionError("lock '" + granted.lockName() + "' is held by another client, and a refused " + how
                    + " yields a lease with token " + granted.fencingToken());
        });
    }
}
