// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Capability;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.LockProvider;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisLockProviderTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private final RedisLockProvider provider = new RedisLockProvider();

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(LockProvider.class)).hasAtLeastOneElementOfType(RedisLockProvider.class);
        assertThat(provider.schemes()).containsExactlyInAnyOrder("redis", "rediss");
    }

    @Test
    void luaIsTheDefaultAndDeclaresWhatItKeeps() {
        assertThat(provider.defaultVariant()).isEqualTo("lua");
        assertThat(provider.variants().get("lua"))
                .containsExactlyInAnyOrder(
                        Capability.LEASE,
                        Capability.EXTEND,
                        Capability.FENCING,
                        Capability.INSPECT,
                        Capability.PUSH_WAKEUP,
                        Capability.LOSS_SIGNAL,
                        Capability.CLIENT_CLOCK_FREE,
                        Capability.FORCE_RELEASE);
    }

    @Test
    void setNxPxDeclaresNeitherTokensNorWakeUps() {
        assertThat(provider.variants().get("set-nx-px"))
                .containsExactlyInAnyOrder(
                        Capability.LEASE,
                        Capability.EXTEND,
                        Capability.INSPECT,
                        Capability.LOSS_SIGNAL,
                        Capability.CLIENT_CLOCK_FREE);
    }

    @Test
    void unsafeVariantsDeclareNoMoreThanWhatTheirGrantsHave() {
        assertThat(provider.variants().get("setnx-expire"))
                .isEqualTo(provider.variants().get("set-nx-px"));
        assertThat(provider.variants().get("setnx-timestamp"))
                .containsExactlyInAnyOrder(
                        Capability.LEASE, Capability.EXTEND, Capability.INSPECT, Capability.LOSS_SIGNAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"setnx-expire", "setnx-timestamp"})
    void unsafeVariantIsRefusedUnlessItIsAskedForAsSuch(String variant) {
        assertThat(provider.unsafeVariants()).hasSize(2).contains(variant);
        assertThatThrownBy(() -> redis.client("variant=" + variant))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("allowUnsafe=true");
        assertThat(redis.client("variant=" + variant, "allowUnsafe=true").capabilities())
                .isEqualTo(provider.variants().get(variant));
        var asked = RedisOptions.Variant.of(variant);
        assertThatThrownBy(() -> RedisOptions.defaults().withVariant(asked))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withUnsafeVariant");
        assertThat(RedisOptions.defaults().withUnsafeVariant(asked).variant()).isEqualTo(asked);
    }

    @Test
    void clientHasTheCapabilitiesOfItsVariant() {
        assertThat(redis.client("variant=set-nx-px").capabilities())
                .isEqualTo(provider.variants().get("set-nx-px"));
        assertThat(redis.client().capabilities()).isEqualTo(provider.variants().get("lua"));
    }

    @Test
    void setNxPxRefusesWhatItDoesNotDeclare() {
        var client = redis.client("variant=set-nx-px");
        var lease = client.lock("a").tryAcquire().orElseThrow();
        assertThatThrownBy(lease::fencingToken).isInstanceOf(UnsupportedCapabilityException.class);
        assertThatThrownBy(() -> client.forceRelease("a", 1)).isInstanceOf(UnsupportedCapabilityException.class);
        var fenced = LockConfig.of(redis.uri("variant=set-nx-px")).require(Capability.FENCING);
        assertThatThrownBy(() -> LockClient.open(fenced))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("lua");
    }

    @Test
    void optionsAreDocumentedAndTheirDefaultsAreThoseOfRedisOptions() {
        assertThat(provider.options())
                .allSatisfy(option -> assertThat(option.doc()).endsWith("."));
        assertThat(RedisSettings.options(LockConfig.of(redis.uri()))).isEqualTo(RedisOptions.defaults());
    }

    @Test
    void settingsOfTheUriAreUsed() {
        var options = RedisSettings.options(LockConfig.of(redis.uri("variant=set-nx-px", "poll=7ms", "recheck=9s")));
        assertThat(options.variant()).isEqualTo(RedisOptions.Variant.SET_NX_PX);
        assertThat(options.poll()).isEqualTo(Duration.ofMillis(7));
        assertThat(options.recheck()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void badOptionIsRefusedWithValueAndLimit() {
        var options = RedisOptions.defaults();
        assertThatThrownBy(() -> options.withPoll(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("poll = PT0S: must be from 1ms to 60000ms");
        assertThatThrownBy(() -> options.withNamespace("a:b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a:b");
    }
}
