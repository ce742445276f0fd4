// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LossReason;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenewTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private final List<LossReason> losses = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void renewalSetsExpiryAndValidityAnew(String variant) throws InterruptedException {
        var grant = grant(redis.backend("variant=" + variant), request("a", Duration.ofSeconds(5)));
        long before = System.nanoTime();
        assertThat(grant.renew(Duration.ofSeconds(60))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isGreaterThan(50_000);
        assertThat(grant.validUntil()).isGreaterThanOrEqualTo(Validity.end(before, Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void shorterRenewalShortensTheValidity(String variant) throws InterruptedException {
        var grant = grant(redis.backend("variant=" + variant), request("a"));
        assertThat(grant.renew(Duration.ofSeconds(1))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(grant.validUntil())
                .isLessThan(System.nanoTime() + Duration.ofSeconds(1).toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void shorterRenewalShortensTheValidityEvenIfItsReplyIsLost(String variant) throws InterruptedException {
        var proxy = redis.proxy();
        var request = request("a", Spi.LEASE, Duration.ofSeconds(1));
        var grant = grant(redis.backendAt(proxy.port(), "variant=" + variant), request);
        proxy.goSilent();
        assertThat(grant.renew(Duration.ofSeconds(1))).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.validUntil())
                .isLessThan(System.nanoTime() + Duration.ofSeconds(1).toNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void unansweredRenewalProlongsNothing(String variant) throws InterruptedException {
        var proxy = redis.proxy();
        var request = request("a", Spi.LEASE, Duration.ofSeconds(1));
        var grant = grant(redis.backendAt(proxy.port(), "variant=" + variant), request);
        long before = grant.validUntil();
        proxy.goSilent();
        assertThat(grant.renew(Duration.ofSeconds(60))).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.validUntil()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void renewalOfADeletedLockIsALossAndMakesNothing(String variant) throws InterruptedException {
        var grant = watched(redis.backend("variant=" + variant));
        redis.shell().del(TestRedis.key("a"));
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.DELETED);
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void renewalOfAnotherOwnersLockIsALossAndChangesNothing(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        var grant = watched(backend);
        redis.shell().del(TestRedis.key("a"));
        grant(backend, request("a", Duration.ofSeconds(10)));
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.TAKEN);
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isLessThanOrEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void lockThatIsGoneAfterItsValidityHasExpired(String variant) throws InterruptedException {
        var context = redis.keep(new TestContext());
        var backend = new RedisBackend(
                redis.keep(TestStores.own(redis.server().port())),
                RedisOptions.defaults().withVariant(RedisOptions.Variant.of(variant)));
        backend.start(context);
        var grant = watched(backend);
        redis.shell().del(TestRedis.key("a"));
        context.advance(Spi.LEASE);
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.EXPIRED);
    }

    @Test
    void forcedReleaseIsToldAsSuch() throws InterruptedException {
        var backend = redis.backend();
        var grant = watched(backend);
        assertThat(backend.forceRelease("a", grant.fencingToken())).isTrue();
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.FORCED);
    }

    @Test
    void forcedReleaseIsToldEvenIfAnotherHoldsTheLockNow() throws InterruptedException {
        var backend = redis.backend();
        var grant = watched(backend);
        backend.forceRelease("a", grant.fencingToken());
        grant(backend, request("a"));
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.LOST);
        assertThat(losses).containsExactly(LossReason.FORCED);
    }

    @Test
    void forceReleaseOfAnOlderTokenTouchesNothing() throws InterruptedException {
        var backend = redis.backend();
        var former = grant(backend, request("a"));
        former.release();
        var present = grant(backend, request("a"));
        assertThat(backend.forceRelease("a", former.fencingToken())).isFalse();
        assertThat(present.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
    }

    @Test
    void listenerThatComesAfterTheLossIsToldAtOnce() throws InterruptedException {
        var grant = grant(redis.backend(), request("a"));
        redis.shell().del(TestRedis.key("a"));
        grant.renew(Spi.LEASE);
        grant.renew(Spi.LEASE);
        grant.watch(listener());
        assertThat(losses).containsExactly(LossReason.DELETED);
    }

    private Grant watched(LockBackend backend) throws InterruptedException {
        var grant = granted(attempt(backend, request("a"), newOwner()));
        grant.watch(listener());
        return grant;
    }

    private GrantListener listener() {
        return new GrantListener() {
            @Override
            public void suspended() {}

            @Override
            public void resumed() {}

            @Override
            public void lost(LossReason reason) {
                losses.add(reason);
            }
        };
    }
}
