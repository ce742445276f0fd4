// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static io.interlock.redis.Spi.waitingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SetNxPxTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @Test
    void entryIsTheOwnerIdAndTheHolderForPeopleToRead() throws InterruptedException {
        var grant = grant(redis.backend("variant=set-nx-px"), request("a"));
        assertThat(redis.shell().get(TestRedis.key("a")))
                .isEqualTo(grant.owner() + " host=web-3&pid=4711&thread=worker-1&label=nightly");
    }

    @Test
    void leaseIsSetWithTheValue() throws InterruptedException {
        grant(redis.backend("variant=set-nx-px"), request("a", Duration.ofSeconds(15)));
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isBetween(10_000L, 15_000L);
    }

    @Test
    void attemptsAreJitteredAroundThePoll() throws InterruptedException {
        var backend = redis.backend("variant=set-nx-px", "poll=40ms");
        grant(backend, request("a"));
        var waits = new ArrayList<Duration>();
        for (int i = 0; i < 50; i++) {
            waits.add(refused(attempt(backend, waitingRequest("a"), newOwner())).retryAfter());
        }
        assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofMillis(20), Duration.ofMillis(60)));
        assertThat(waits.stream().distinct()).hasSizeGreaterThan(40);
    }

    @Test
    void waiterGetsTheLockByPolling() throws Exception {
        var held = redis.client("variant=set-nx-px").lock("a").acquire();
        redis.resetCommandCounts();
        var waiter = redis.client("variant=set-nx-px", "poll=5ms").lock("a").acquireAsync(Duration.ofSeconds(20));
        org.awaitility.Awaitility.await().until(() -> redis.commandCounts().getOrDefault("set", 0) > 5);
        held.close();
        assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
        assertThat(redis.commandCounts()).doesNotContainKeys("subscribe", "publish");
    }

    /** The answer that shows the entry as our own came late: its new expiry may only take what is left of the call. */
    @Test
    void attemptRepeatedWithItsIdEndsWithinOneCallTimeout() throws Exception {
        var proxy = redis.proxy();
        var backend = redis.backendAt(proxy.port(), "variant=set-nx-px");
        var owner = newOwner();
        var request = request("a", Spi.LEASE, Duration.ofSeconds(3));
        grantedAgain(backend, request, owner);
        proxy.hold("SET");
        long before = System.nanoTime();
        var repeated = CompletableFuture.runAsync(() -> grantedAgain(backend, request, owner));
        proxy.awaitHeld();
        TimeUnit.SECONDS.sleep(2);
        proxy.releaseAndHold(Script.COMPARE_EXPIRE.sha());
        assertThatThrownBy(() -> repeated.get(20, TimeUnit.SECONDS)).hasMessageContaining("acquire of lock 'a'");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(4_500));
    }

    private static void grantedAgain(LockBackend backend, LockRequest request, OwnerId owner) {
        try {
            granted(attempt(backend, request, owner));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusalThatOnlyTheNewestEntryExplainsHasNoHolder() throws InterruptedException {
        var backend = redis.backend("variant=set-nx-px");
        assertThat(backend.holder("a")).isEmpty();
        grant(backend, request("a"));
        assertThat(refused(attempt(backend, request("a"), newOwner())).holder()).isPresent();
    }
}
