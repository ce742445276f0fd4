// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** §5: lease, extension and validity. */
public class LeaseRules {
    /** Neither one second nor two. */
    private static final Duration ODD_LEASE = Duration.ofMillis(1500);

    @Rule("5.01")
    void r5_01_othersAreGrantedAfterTheValidityAndWithinC(Trial trial) throws Exception {
        String name = trial.name();
        DistributedLock other = trial.client().lock(name, Holding.longLease(trial));
        DistributedLock lock = trial.client().lock(name, trial.shortLease());
        Lease asked = trial.take(lock);
        Duration bound = trial.bounds().lease().plus(trial.bounds().crashRelease());
        Holding.follow(trial, asked, other, bound, "the grant of a lease that is over C earlier")
                .release();
        Lease waitedFor = trial.take(lock);
        Lease next = other.acquire(trial.bounds().generous());
        Holding.assertNotBoth(waitedFor, next);
        next.release();
    }

    @Rule("5.02")
    void r5_02_nobodyElseMovesTheExpiry(Trial trial) throws Exception {
        String name = trial.name();
        Lease lease = trial.take(trial.client().lock(name, Holding.longLease(trial)));
        StoreExpiry granted = StoreExpiry.ofHeld(trial, name);
        // so that a lease which is counted anew ends visibly later
        trial.pass(Holding.times(trial.bounds().granularity(), 5).plus(Duration.ofMillis(50)));
        LockClient other = trial.client();
        DistributedLock refused = other.lock(name);
        BoundedRounds.run(trial, 100, round -> trial.assertRefused(refused, "it is held for 30 s"));
        refused.tryAcquire(trial.bounds().lease().dividedBy(3)).ifPresent(stolen -> {
            throw new AssertionError("lock '" + name + "' was granted to a waiter although it is held for 30 s");
        });
        StoreExpiry.ofHeld(trial, name).assertSame(trial, granted, name, "failed attempts of another client");
        if (trial.declares(Capability.INSPECT)) {
            other.holder(name);
        }
        trial.store().entries(name);
        trial.store().waiters(name);
        lease.state();
        lease.remaining();
        StoreExpiry.ofHeld(trial, name).assertSame(trial, granted, name, "being looked at");
    }

    @Rule("5.03")
    void r5_03_renewSetsANewFullLeaseFromNow(Trial trial) throws Exception {
        String name = trial.name();
        Duration old = Holding.steadyLease(trial);
        Duration renewed = old.multipliedBy(2);
        DistributedLock other = trial.client().lock(name, Holding.longLease(trial));
        long start = trial.now();
        Lease lease = trial.take(trial.client().lock(name, trial.shortLease().withLease(old)));
        trial.pass(old.dividedBy(5));
        long sent = trial.now();
        assertRenewed(lease, renewed);
        long answered = trial.now();
        if (Holding.hasExpiry(trial)) {
            assertClaim(trial, lease, renewed, sent);
            if (trial.backend().store().isPresent()) {
                StoreExpiry.ofHeld(trial, name).assertLeaseFrom(trial, renewed, sent, answered, "after renew()");
            }
        }
        trial.pass(Holding.times(old, 1.2).minusNanos(trial.now() - start));
        Holding.assertKept(trial, lease, other, "after the end of its first lease, renewed for twice its time");
        Duration bound = renewed.plus(trial.bounds().crashRelease());
        Holding.follow(trial, lease, other, bound, "a renewal that is over C earlier")
                .release();
    }

    @Rule("5.04")
    void r5_04_renewAfterExpiryIsFalseAndCreatesNothing(Trial trial) throws Exception {
        LockClient client = trial.client();
        String name = trial.name();
        Lease expired = trial.take(client.lock(name, trial.shortLease()));
        trial.pass(trial.bounds().lease().plus(trial.bounds().granularity()));
        assertNotRenewed(trial, expired, "after its end, which nobody used");
        Lease next = Holding.takeSoon(trial, client.lock(name, Holding.longLease(trial)), "its lease expired");
        assertNewGrant(trial, expired, next);
        if (trial.backend().store().isPresent() && trial.store().expire(name)) {
            assertNotRenewed(trial, next, "after the store had ended it early");
            if (trial.store().timeToLive(name).isPresent()) {
                throw new AssertionError("renew() of an expired lease has made the entry of lock '" + name + "' anew");
            }
            Lease third = Holding.takeSoon(trial, trial.client().lock(name), "the store had ended its lease");
            assertNewGrant(trial, next, third);
        }
    }

    @Rule("5.05")
    void r5_05_manyRenewalsAndAShorterOne(Trial trial) throws Exception {
        String name = trial.name();
        Duration time = Holding.steadyLease(trial);
        Duration shorter = trial.bounds().lease();
        DistributedLock other = trial.client().lock(name, Holding.longLease(trial));
        Lease lease = trial.take(trial.client().lock(name, trial.shortLease().withLease(time)));
        for (int i = 0; i < 30; i++) {
            trial.pass(time.dividedBy(20));
            assertRenewed(lease, time);
        }
        Holding.assertKept(trial, lease, other, "after 30 renewals in more than a lease");
        assertRenewed(lease, time.multipliedBy(100));
        assertRenewed(lease, shorter);
        Duration claimed = lease.remaining();
        if (claimed.compareTo(shorter) > 0) {
            throw new AssertionError("the lease of lock '" + name + "' was shortened to " + shorter.toMillis()
                    + " ms, and claims to be held for another " + claimed.toMillis() + " ms");
        }
        Duration bound = shorter.plus(trial.bounds().crashRelease());
        Holding.follow(trial, lease, other, bound, "a renewal that made the lease shorter")
                .release();
    }

    @Rule("5.09")
    void r5_09_claimNeverReachesBeyondTheStore(Trial trial) throws Exception {
        LockClient client = trial.client();
        Duration time = trial.bounds().lease();
        String unrenewed = trial.name();
        Lease lease = trial.take(client.lock(unrenewed, trial.shortLease()));
        assertClaimsWithinStore(trial, lease, time.multipliedBy(2));
        String renewed = trial.name();
        try (Lease kept = trial.take(client.lock(renewed, trial.renewedLease()))) {
            assertClaimsWithinStore(trial, kept, time.multipliedBy(3));
            if (trial.declares(Capability.EXTEND) && kept.renew(time.multipliedBy(2))) {
                assertClaimsWithinStore(trial, kept, time);
            }
        }
    }

    @Rule("5.19")
    void r5_19_leasesAreHonouredToTheGranularity(Trial trial) throws Exception {
        Duration odd = ODD_LEASE.compareTo(trial.bounds().lease()) < 0
                ? Duration.ofSeconds(trial.bounds().lease().toSeconds()).plusMillis(500 + 1000)
                : ODD_LEASE;
        for (Duration time : List.of(odd, trial.bounds().lease())) {
            String name = trial.name();
            DistributedLock lock = trial.client().lock(name, trial.shortLease().withLease(time));
            DistributedLock other = trial.client().lock(name, Holding.longLease(trial));
            long sent = trial.now();
            Lease lease = trial.take(lock);
            long granted = trial.now();
            assertClaim(trial, lease, time, sent);
            if (Holding.hasExpiry(trial) && trial.backend().store().isPresent()) {
                StoreExpiry.ofHeld(trial, name).assertLeaseFrom(trial, time, sent, granted, "after the grant");
            }
            Holding.assertKept(trial, lease, other, "within its lease of " + time.toMillis() + " ms");
            Duration bound = time.plus(trial.bounds().crashRelease());
            Lease next = Holding.follow(trial, lease, other, bound, "the grant of a lease that is over C earlier");
            // a tenth is more than any drift between clocks, and less than what rounding to seconds takes
            trial.assertNotBefore(Holding.times(time, 0.9), sent, "a lease of " + time.toMillis() + " ms");
            trial.assertWithin(bound, granted, "a lease of " + time.toMillis() + " ms and C");
            next.release();
        }
    }

    @Rule("5.22")
    void r5_22_grantWithoutExpiryNeedsASession(Trial trial) throws Exception {
        boolean session = trial.declares(Capability.SESSION_BOUND);
        if (!session && !trial.declares(Capability.LEASE)) {
            throw new AssertionError("neither LEASE nor SESSION_BOUND is declared: a crashed holder blocks for ever");
        }
        LockOptions defaults = LockOptions.defaults();
        LockClient client = trial.client();
        List<LockOptions> all =
                List.of(defaults, Holding.longLease(trial), trial.shortLease(), defaults.withMaxHold(defaults.lease()));
        for (LockOptions options : all) {
            String name = trial.name();
            long sent = trial.now();
            try (Lease lease = trial.take(client.lock(name, options))) {
                if (!session) {
                    assertClaim(trial, lease, options.lease(), sent);
                    assertExpires(trial, lease, options.lease());
                }
            }
        }
    }

    private static void assertExpires(Trial trial, Lease lease, Duration time) {
        if (trial.backend().store().isPresent()) {
            Duration most = time.plus(trial.bounds().granularity());
            Optional<Duration> left = trial.store().timeToLive(lease.lockName());
            if (left.isEmpty()) {
                trial.assertHeld(lease, "although the store has no expiry for it");
                throw new AssertionError("lock '" + lease.lockName() + "' is held, and its entry has no expiry");
            }
            if (left.get().compareTo(most) > 0) {
                throw new AssertionError("lock '" + lease.lockName() + "' was taken for " + time.toMillis()
                        + " ms, and the store keeps its entry for " + left.get().toMillis() + " ms");
            }
        }
    }

    /** Sample the handle first, then the store: an expiry that a renewal moves meanwhile only gets later. */
    private static void assertClaimsWithinStore(Trial trial, Lease lease, Duration time) throws Exception {
        String name = lease.lockName();
        long granularity = trial.bounds().granularity().toNanos();
        for (long end = trial.now() + time.toNanos(); trial.now() < end; trial.pass(Duration.ofMillis(2))) {
            long before = trial.now();
            Duration claimed = lease.remaining();
            Optional<StoreExpiry> store = StoreExpiry.of(trial, name);
            if (store.isEmpty()) {
                if (lease.isHeld() && Holding.hasExpiry(trial)) {
                    throw new AssertionError("lock '" + name + "' is claimed to be held for another "
                            + lease.remaining().toMillis() + " ms, and the store has no entry that expires");
                }
                continue;
            }
            long beyond = before + claimed.toNanos() - store.get().latest() - granularity;
            if (!claimed.isZero() && beyond > 0) {
                throw new AssertionError("the claim on lock '" + name + "' ends " + beyond / 1000
                        + " µs after its entry in the store, beyond the granularity");
            }
        }
    }

    /** Demands that a lease that was asked for at a time claims nearly all of it, and not more. */
    private static void assertClaim(Trial trial, Lease lease, Duration time, long sent) {
        Duration claimed = lease.remaining();
        long claimedUntil = trial.now() + claimed.toNanos() - sent; // too late by what the two calls took, never early
        if (claimed.compareTo(time) > 0) {
            throw new AssertionError("a lease of " + time.toMillis() + " ms of lock '" + lease.lockName() + "' claims "
                    + claimed.toMillis() + " ms");
        }
        if (claimedUntil < Holding.times(time, 0.9).toNanos()) {
            throw new TimingError("a lease of " + time.toMillis() + " ms of lock '" + lease.lockName()
                    + "' claims only " + claimedUntil / 1_000_000 + " ms");
        }
    }

    private static void assertRenewed(Lease lease, Duration time) {
        if (!lease.renew(time)) {
            throw new TimingError("renew() of held lock '" + lease.lockName() + "' says false: " + lease.state());
        }
    }

    private static void assertNotRenewed(Trial trial, Lease lease, String when) {
        if (lease.renew(trial.bounds().lease())) {
            throw new AssertionError("renew() of lock '" + lease.lockName() + "' says true " + when);
        }
        if (lease.isHeld()) {
            throw new AssertionError("the lease of lock '" + lease.lockName() + "' is held " + when);
        }
    }

    private static void assertNewGrant(Trial trial, Lease former, Lease next) {
        if (former.isHeld()) {
            throw new AssertionError(
                    "an expired lease of lock '" + next.lockName() + "' is held again after the next grant");
        }
        if (trial.declares(Capability.FENCING) && next.fencingToken() <= former.fencingToken()) {
            throw new AssertionError("lock '" + next.lockName() + "' has token " + next.fencingToken()
                    + " after its lease expired; the expired one has " + former.fencingToken());
        }
        trial.assertHeld(next, "right after the grant that follows an expired lease");
    }
}
