// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.spi.Grant;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that is under way for long must not make the holder believe in a lease that ends later than the store's. */
@Timeout(60)
class ValidityTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private final FaultProxy proxy = redis.proxy();

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void grantIsCountedFromBeforeItsRequestWasSent(String variant) throws Exception {
        var backend = redis.backendAt(proxy.port(), "variant=" + variant);
        var owner = newOwner();
        proxy.hold(owner.toString());
        var pending = async(() -> granted(attempt(backend, request("a"), owner)));
        long held = releaseWhenHeld();
        Grant grant = pending.get();
        assertThat(grant.validUntil()).isLessThanOrEqualTo(Validity.end(held, Spi.LEASE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void renewalIsCountedFromBeforeItsRequestWasSent(String variant) throws Exception {
        var grant = grant(redis.backendAt(proxy.port(), "variant=" + variant), request("a"));
        var lease = Duration.ofSeconds(60);
        proxy.hold(grant.owner().toString());
        var pending = async(() -> grant.renew(lease));
        long held = releaseWhenHeld();
        assertThat(pending.get()).isEqualTo(RenewOutcome.RENEWED);
        assertThat(grant.validUntil()).isLessThanOrEqualTo(Validity.end(held, lease));
    }

    private long releaseWhenHeld() throws InterruptedException {
        proxy.awaitHeld();
        long held = System.nanoTime();
        proxy.release();
        return held;
    }

    private static <T> CompletableFuture<T> async(Callable<T> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
