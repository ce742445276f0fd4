// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.DistributedLock;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcquireReleaseTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private volatile int unguarded;

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void heldLockIsRefusedToAnotherClientUntilReleased(String variant) {
        var first = redis.client("variant=" + variant).lock("a");
        var second = redis.client("variant=" + variant).lock("a");
        var lease = first.tryAcquire().orElseThrow();
        assertThat(second.tryAcquire()).isEmpty();
        assertThat(lease.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(second.tryAcquire()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void contendingClientsNeverOverlap(String variant) {
        int clients = 3;
        int rounds = 40;
        var running = new CompletableFuture<?>[clients];
        for (int i = 0; i < clients; i++) {
            var lock = redis.client("variant=" + variant, "poll=2ms").lock("counter");
            running[i] = CompletableFuture.runAsync(() -> {
                for (int round = 0; round < rounds; round++) {
                    increment(lock);
                }
            });
        }
        CompletableFuture.allOf(running).join();
        assertThat(unguarded).isEqualTo(clients * rounds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void unrenewedLeaseEndsNeitherBeforeNorLongAfterItsTime(String variant) throws InterruptedException {
        var lease = Duration.ofMillis(500);
        var options = LockOptions.defaults().withLease(lease).withRenewal(RenewalMode.NONE);
        var holder = redis.client("variant=" + variant).lock("a", options);
        var waiter = redis.client("variant=" + variant, "recheck=1h").lock("a", options);
        long sent = System.nanoTime();
        var held = holder.acquire();
        waiter.acquire(Duration.ofSeconds(10));
        long waited = System.nanoTime() - sent;
        assertThat(held.isHeld()).isFalse();
        assertThat(Duration.ofNanos(waited)).isBetween(lease.minus(Validity.drift(lease)), lease.plusSeconds(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE})
    void automaticRenewalKeepsTheLockBeyondItsLease(String variant) throws InterruptedException {
        var lock = redis.client("variant=" + variant)
                .lock("a", LockOptions.defaults().withLease(Duration.ofMillis(1_500)));
        long before = System.nanoTime();
        try (var lease = lock.acquire()) {
            Awaitility.await()
                    .until(() ->
                            System.nanoTime() - before > Duration.ofSeconds(4).toNanos());
            assertThat(lease.isHeld()).isTrue();
            assertThat(redis.shell().pttl(TestRedis.key("a"))).isBetween(1L, 1_500L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void releaseByFormerHolderChangesNothing(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        var former = grant(backend, request("a"));
        redis.shell().del(TestRedis.key("a"));
        var successor = grant(backend, request("a"));
        assertThat(former.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(successor.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE})
    void findingOnesOwnIdIsGrantedWithTheSameTokenAndANewExpiry(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        var owner = newOwner();
        var first = granted(attempt(backend, request("a"), owner));
        redis.shell().pexpire(TestRedis.key("a"), 5_000);
        var again = granted(attempt(backend, request("a"), owner));
        assertThat(again.fencingToken()).isEqualTo(first.fencingToken());
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isGreaterThan(20_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void refusalOfATryDoesNotExtendTheHoldersLease(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        grant(backend, request("a", Duration.ofSeconds(5)));
        refused(attempt(backend, request("a"), newOwner()));
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isLessThanOrEqualTo(5_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void strangeNamesAreLocksOfTheirOwn(String variant) {
        var client = redis.client("variant=" + variant);
        var names = List.of(
                "a",
                "A",
                "a ",
                " a",
                "{a}",
                "a}",
                "}{",
                "é",
                "e\u0301",
                "😀",
                "🚀",
                "a\nb",
                "a:fence",
                "x".repeat(255));
        for (String name : names) {
            assertThat(client.lock(name).tryAcquire()).as(name).isPresent();
            assertThat(client.lock(name).tryAcquire()).as(name).isEmpty();
            assertThat(client.holder(name)).as(name).isPresent();
        }
        assertThat(redis.residue()).hasSize(names.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void namespacesAreSeparate(String variant) {
        var lock = redis.client("variant=" + variant, "namespace=one").lock("a");
        var other = redis.client("variant=" + variant, "namespace=two").lock("a");
        assertThat(lock.tryAcquire()).isPresent();
        assertThat(other.tryAcquire()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void nothingButTheFenceIsLeftAfterRelease(String variant) throws InterruptedException {
        try (var lease = redis.client("variant=" + variant).lock("a").acquire()) {
            assertThat(redis.residue()).containsExactly(TestRedis.key("a"));
        }
        assertThat(redis.residue()).isEmpty();
    }

    /** Read, pause, write: loses counts as soon as two are inside. */
    private void increment(DistributedLock lock) {
        try (var lease = lock.acquire(Duration.ofSeconds(30))) {
            int read = unguarded;
            LockSupport.parkNanos(50_000);
            unguarded = read + 1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
