// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static io.interlock.redis.Spi.waitingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockOptions;
import io.interlock.LockTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolderTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void holderIsShownAsItIntroducedItself(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        grant(backend, request("a"));
        var holder = backend.holder("a").orElseThrow();
        assertThat(holder.host()).isEqualTo("web-3");
        assertThat(holder.pid()).isEqualTo(4711);
        assertThat(holder.thread()).isEqualTo("worker-1");
        assertThat(holder.label()).contains("nightly");
    }

    @Test
    void luaShowsTheTokenAndTheServersTimeOfTheGrant() throws InterruptedException {
        var backend = redis.backend();
        var grant = grant(backend, request("a"));
        var holder = backend.holder("a").orElseThrow();
        assertThat(holder.fencingToken()).hasValue(grant.fencingToken());
        assertThat(holder.since()).contains(Instant.EPOCH.plus(grant.fencingToken(), ChronoUnit.MICROS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void freeLockHasNoHolderAndAskingLeavesNothing(String variant) {
        assertThat(redis.backend("variant=" + variant).holder("a")).isEmpty();
        assertThat(redis.shell().keys("*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void expiredLockHasNoHolder(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        grant(backend, request("a", Duration.ofMillis(100)));
        Awaitility.await().untilAsserted(() -> assertThat(backend.holder("a")).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void refusalOfAWaiterTellsTheHolder(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        grant(backend, request("a"));
        var refused = refused(attempt(backend, waitingRequest("a"), newOwner()));
        assertThat(refused.holder())
                .hasValueSatisfying(holder -> assertThat(holder.pid()).isEqualTo(4711));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void timeoutNamesTheHolder(String variant) throws InterruptedException {
        var labelled = LockOptions.defaults().withLabel("night shift");
        try (var lease = redis.client("variant=" + variant).lock("a", labelled).acquire()) {
            var waiter = redis.client("variant=" + variant).lock("a");
            assertThatThrownBy(() -> waiter.acquire(Duration.ofMillis(200)))
                    .isInstanceOf(LockTimeoutException.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("night shift");
        }
    }

    @Test
    void entryEditedByHandStillHasAHolder() throws InterruptedException {
        var backend = redis.backend();
        grant(backend, request("a"));
        redis.shell().hdel(TestRedis.key("a"), "holder", "token");
        redis.shell().hset(TestRedis.key("a"), "since", "yesterday");
        var holder = backend.holder("a").orElseThrow();
        assertThat(holder.host()).isEqualTo("unknown");
        assertThat(holder.since()).isEmpty();
        assertThat(holder.fencingToken()).isEmpty();
    }
}
