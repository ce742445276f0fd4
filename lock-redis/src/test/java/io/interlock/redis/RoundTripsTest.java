// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RoundTripsTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @Test
    void luaNeedsOneCommandEachForAcquireRenewAndRelease() throws InterruptedException {
        var backend = redis.backend();
        warmUp(backend);
        redis.resetCommandCounts();
        var grant = grant(backend, request("a"));
        assertThat(redis.commandCounts().get("evalsha")).isEqualTo(1);
        grant.renew(Duration.ofSeconds(20));
        assertThat(redis.commandCounts().get("evalsha")).isEqualTo(2);
        grant.release();
        assertThat(redis.commandCounts())
                .containsEntry("evalsha", 3)
                .doesNotContainKeys("eval", "hello", "client|setname");
    }

    @Test
    void luaNeedsOneCommandForARefusal() throws InterruptedException {
        var backend = redis.backend();
        grant(backend, request("a"));
        redis.resetCommandCounts();
        refused(attempt(backend, request("a"), newOwner()));
        assertThat(redis.commandCounts()).containsEntry("evalsha", 1).doesNotContainKeys("eval", "subscribe", "set");
    }

    @Test
    void setNxPxGrantsByOnePlainSet() throws InterruptedException {
        var backend = redis.backend("variant=set-nx-px");
        redis.resetCommandCounts();
        grant(backend, request("a"));
        assertThat(redis.commandCounts())
                .containsEntry("set", 1)
                .doesNotContainKeys("eval", "evalsha", "expire", "pexpire");
    }

    private static void warmUp(io.interlock.spi.LockBackend backend) throws InterruptedException {
        var grant = grant(backend, request("warm"));
        grant.renew(Duration.ofSeconds(20));
        grant.release();
    }
}
