// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.LockBackend;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The holes of setnx-timestamp: clocks that differ, and clients that are stopped between two of their commands. */
@Timeout(60)
class SetNxTimestampTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final Instant NOON = Instant.parse("2030-06-01T12:00:00Z");
    private static final RedisOptions OPTIONS =
            RedisOptions.defaults().withUnsafeVariant(RedisOptions.Variant.SETNX_TIMESTAMP);

    @Test
    void entryIsTheEndTheOwnerIdAndTheHolder() throws InterruptedException {
        var grant = grant(at(NOON), request("a"));
        assertThat(redis.shell().get(TestRedis.key("a")))
                .isEqualTo(NOON.plus(Spi.LEASE).toEpochMilli() + " " + grant.owner()
                        + " host=web-3&pid=4711&thread=worker-1&label=nightly");
    }

    @Test
    void heldLockIsRefusedUntilItsEndAndThenTaken() throws InterruptedException {
        grant(at(NOON), request("a"));
        refused(attempt(at(NOON.plus(Spi.LEASE).minusMillis(1)), request("a"), newOwner()));
        granted(attempt(at(NOON.plus(Spi.LEASE)), request("a"), newOwner()));
    }

    @Test
    void hole_r5_16_clientWhoseClockIsAheadTakesALockThatIsHeld() throws InterruptedException {
        var held = grant(at(NOON), request("a"));
        var second = grant(at(NOON.plus(Spi.LEASE)), request("a"));
        assertThat(held.validUntil()).as("two owners at once").isGreaterThan(System.nanoTime());
        assertThat(second.validUntil()).isGreaterThan(System.nanoTime());
    }

    @Test
    void hole_r5_17_clientWhoseClockIsBehindTreatsAFreeLockAsHeld() throws InterruptedException {
        grant(at(NOON), request("a", Duration.ofMillis(100)));
        refused(attempt(at(NOON.minus(Duration.ofHours(1))), request("a"), newOwner()));
    }

    @Test
    void hole_r5_02_contenderThatComesSecondIsRefusedAndSpoilsTheFirstOnesEntry() throws Exception {
        grant(at(NOON), request("a"));
        var later = NOON.plus(Spi.LEASE);
        var proxies = new FaultProxy[] {redis.proxy(), redis.proxy()};
        var first = stoppedInTakeover(later, newOwner(), proxies[0]);
        var second = stoppedInTakeover(later, newOwner(), proxies[1]);
        proxies[0].release();
        var winner = granted(first.join());
        proxies[1].release();
        refused(second.join());
        assertThat(Spi.reasonOfLoss(winner)).as("of the only owner").isEqualTo(LossReason.TAKEN);
        assertThat(winner.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        refused(attempt(at(later), request("a"), newOwner()));
    }

    @Test
    void hole_r02_releaseThatIsLateFreesTheLockOfTheNextOwner() throws Exception {
        var proxy = redis.proxy();
        var former = grant(at(NOON, proxy.port()), request("a"));
        proxy.hold("DEL");
        var late = CompletableFuture.supplyAsync(former::release);
        proxy.awaitHeld();
        var next = grant(at(NOON.plus(Spi.LEASE)), request("a"));
        proxy.release();
        assertThat(late.join()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(next.validUntil()).isGreaterThan(System.nanoTime());
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
    }

    @Test
    void hole_r02_renewalThatIsLateTakesTheLockFromTheNextOwner() throws Exception {
        var proxy = redis.proxy();
        var former = grant(at(NOON, proxy.port()), request("a"));
        proxy.hold("GETSET");
        var late = CompletableFuture.supplyAsync(() -> former.renew(Spi.LEASE));
        proxy.awaitHeld();
        var next = grant(at(NOON.plus(Spi.LEASE)), request("a"));
        proxy.release();
        assertThat(late.join())
                .as("it learns of it, and has overwritten the entry")
                .isEqualTo(RenewOutcome.LOST);
        assertThat(Spi.reasonOfLoss(next)).isEqualTo(LossReason.TAKEN);
    }

    @Test
    void hole_r12_03_entryOfAHolderThatDiedStaysInTheStoreForEver() throws InterruptedException {
        grant(at(NOON), request("a", Duration.ofMillis(100)));
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isEqualTo(-1);
        assertThat(at(NOON.plusSeconds(1)).holder("a")).isEmpty();
        assertThat(redis.residue()).containsExactly(TestRedis.key("a"));
    }

    /** Between the look and the deletion somebody may take it over. */
    @Test
    void entryThatIsAboutToEndIsLeftToWhoTakesItOver() throws InterruptedException {
        var owner = newOwner();
        granted(attempt(at(NOON), request("a"), owner));
        var lastMoments = NOON.plus(Spi.LEASE).minus(Durations.lastMoments(Spi.LEASE));
        assertThat(at(lastMoments).undo(request("a"), owner)).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(redis.residue()).containsExactly(TestRedis.key("a"));
        assertThat(at(lastMoments.minusMillis(1)).undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void renewalAfterTheEndIsALossAndMakesNothingAnew() throws InterruptedException {
        var clock = new Instant[] {NOON};
        var grant = grant(backend(redis.server().port(), () -> clock[0]), request("a"));
        String before = redis.shell().get(TestRedis.key("a"));
        clock[0] = NOON.plus(Spi.LEASE);
        assertThat(Spi.reasonOfLoss(grant)).isEqualTo(LossReason.DELETED);
        assertThat(redis.shell().get(TestRedis.key("a"))).isEqualTo(before);
    }

    /** Has read that the entry is over, and is about to write. */
    private CompletableFuture<Attempt> stoppedInTakeover(Instant now, OwnerId owner, FaultProxy proxy)
            throws InterruptedException {
        var backend = at(now, proxy.port());
        proxy.hold("GETSET");
        var pending = CompletableFuture.supplyAsync(() -> {
            try {
                return attempt(backend, request("a"), owner);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        proxy.awaitHeld();
        return pending;
    }

    private static LockBackend at(Instant now) {
        return at(now, redis.server().port());
    }

    private static LockBackend at(Instant now, int port) {
        return backend(port, () -> now);
    }

    private static LockBackend backend(int port, java.time.InstantSource clock) {
        var store = TestStores.own(port);
        var backend = redis.keep(new RedisBackend(store, OPTIONS, new SetNxTimestampProtocol(store, OPTIONS, clock)));
        backend.start(redis.keep(new TestContext()));
        return backend;
    }
}
