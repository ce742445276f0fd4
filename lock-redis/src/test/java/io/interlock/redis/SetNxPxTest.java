// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static io.interlock.redis.Spi.waitingRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
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
        grant(redis.backend("variant=set-nx-px"), request("a", Duration.ofMillis(1500)));
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isBetween(1_000L, 1_500L);
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

    @Test
    void refusalThatOnlyTheNewestEntryExplainsHasNoHolder() throws InterruptedException {
        var backend = redis.backend("variant=set-nx-px");
        assertThat(backend.holder("a")).isEmpty();
        grant(backend, request("a"));
        assertThat(refused(attempt(backend, request("a"), newOwner())).holder()).isPresent();
    }
}
