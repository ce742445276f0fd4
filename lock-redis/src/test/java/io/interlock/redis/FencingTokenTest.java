// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.blockRequest;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FencingTokenTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private LockBackend backend;

    @BeforeEach
    void open() {
        backend = redis.backend();
    }

    @Test
    void tokenIsLargerAfterRelease() throws InterruptedException {
        var first = grant(backend, request("a"));
        first.release();
        assertThat(grant(backend, request("a")).fencingToken()).isGreaterThan(first.fencingToken());
    }

    @Test
    void tokenIsLargerAfterExpiry() throws InterruptedException {
        var first = grant(backend, request("a", Duration.ofMillis(100)));
        Awaitility.await().until(() -> !redis.shell().exists(TestRedis.key("a")));
        assertThat(grant(backend, request("a")).fencingToken()).isGreaterThan(first.fencingToken());
    }

    @Test
    void tokenIsLargerAfterDeletionOfTheLock() throws InterruptedException {
        var first = grant(backend, request("a"));
        redis.shell().del(TestRedis.key("a"));
        assertThat(grant(backend, request("a")).fencingToken()).isGreaterThan(first.fencingToken());
    }

    @Test
    void tokenIsLargerAfterLossOfAllData() throws InterruptedException {
        var first = grant(backend, request("a"));
        redis.shell().flushAll();
        assertThat(grant(backend, request("a")).fencingToken()).isGreaterThan(first.fencingToken());
    }

    @Test
    void tokenIsTheServersTimeInMicroseconds() throws InterruptedException {
        var token = grant(backend, request("a")).fencingToken();
        var granted = Instant.EPOCH.plus(token, ChronoUnit.MICROS);
        assertThat(granted).isCloseTo(serverTime(), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void tokenIsOneMoreThanAFenceThatIsAheadOfTheClock() throws InterruptedException {
        redis.shell().set(TestRedis.key("a") + ":fence", "9007199254740000");
        assertThat(grant(backend, request("a")).fencingToken()).isEqualTo(9_007_199_254_740_001L);
        assertThat(redis.shell().get(TestRedis.key("a") + ":fence")).isEqualTo("9007199254740001");
    }

    @Test
    void blockOfTokensIsReserved() throws InterruptedException {
        redis.shell().set(TestRedis.key("a") + ":fence", "9007199254740000");
        var first = grant(backend, blockRequest("a", 5));
        first.release();
        var second = grant(backend, request("a"));
        assertThat(first.fencingToken()).isEqualTo(9_007_199_254_740_001L);
        assertThat(second.fencingToken()).isEqualTo(9_007_199_254_740_006L);
    }

    @Test
    void fenceOutlivesItsValueByADayOnTheServersClock() throws InterruptedException {
        long token = grant(backend, request("a")).fencingToken();
        long dies = redis.shell().pexpireTime(TestRedis.key("a") + ":fence");
        assertThat(dies).isCloseTo(token / 1000 + Duration.ofDays(1).toMillis(), within(1000L));
    }

    @Test
    void fenceAheadOfTheClockIsKeptUntilADayAfterTheClockHasPassedIt() throws InterruptedException {
        redis.shell().set(TestRedis.key("a") + ":fence", "9007199254740000");
        long token = grant(backend, request("a")).fencingToken();
        long dies = redis.shell().pexpireTime(TestRedis.key("a") + ":fence");
        assertThat(dies).isCloseTo(token / 1000 + Duration.ofDays(1).toMillis(), within(1000L));
    }

    @Test
    void leaseShowsTheTokenOfItsGrant() throws InterruptedException {
        try (var lease = redis.client().lock("a").acquire()) {
            assertThat(redis.shell().hget(TestRedis.key("a"), "token")).isEqualTo(Long.toString(lease.fencingToken()));
        }
    }

    private static Instant serverTime() {
        var time = redis.shell().eval("return redis.call('TIME')[1]").toString();
        return Instant.ofEpochSecond(Long.parseLong(time));
    }
}
