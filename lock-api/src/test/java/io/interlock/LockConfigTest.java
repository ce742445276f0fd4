// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LockConfigTest {
    @Test
    void takesAUriApart() {
        var config = LockConfig.of("redis://joe:s%40cret@h1:1,h2,[::1]:3/7?lease=5s&namespace=billing");
        assertThat(config.scheme()).isEqualTo("redis");
        assertThat(config.user()).contains("joe");
        assertThat(config.password()).contains("s@cret");
        assertThat(config.hosts(6379))
                .containsExactly(
                        InetSocketAddress.createUnresolved("h1", 1),
                        InetSocketAddress.createUnresolved("h2", 6379),
                        InetSocketAddress.createUnresolved("::1", 3));
        assertThat(config.path()).isEqualTo("/7");
        assertThat(config.lease()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.namespace()).isEqualTo("billing");
    }

    @Test
    void aUriNeedsNoHosts() {
        assertThat(LockConfig.of("memory:a b").path()).isEqualTo("a b");
        assertThat(LockConfig.of("MEMORY:").scheme()).isEqualTo("memory");
    }

    @Test
    void aPasswordMayStandWithoutAUser() {
        var config = LockConfig.of("redis://:secret@localhost");
        assertThat(config.user()).isEmpty();
        assertThat(config.password()).contains("secret");
    }

    @Test
    void aPlusSignIsAPlusSign() {
        assertThat(LockConfig.of("redis://u:a+b@h/0").password()).contains("a+b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redis",
                "//h",
                "1x:y",
                "redis://h/0#frag",
                "redis://h?x",
                "redis://h?=x",
                "redis://h?lease=%zz"
            })
    void refusesWhatIsNoUri(String uri) {
        assertThatThrownBy(() -> LockConfig.of(uri)).isInstanceOf(LockConfigException.class);
    }

    @ParameterizedTest
    @CsvSource({"h:0,port 0", "h:65536,65536", "'',host ''", "h:x,h:x"})
    void namesABadHostOrPort(String hosts, String expected) {
        var config = LockConfig.of("redis://" + hosts + "/0");
        assertThatThrownBy(() -> config.hosts(1))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void readsPropertiesWithAPrefixAndLeavesTheOthersAlone() {
        var properties = new Properties();
        properties.setProperty("interlock.uri", "memory:x");
        properties.setProperty("interlock.callTimeout", "250ms");
        properties.setProperty("other.uri", "nonsense");
        var config = LockConfig.of(properties);
        assertThat(config.scheme()).isEqualTo("memory");
        assertThat(config.callTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.keys()).containsExactly("callTimeout");
    }

    @Test
    void readsTheEnvironment() {
        var config = LockConfig.ofEnvironment(
                Map.of("INTERLOCK_URI", "memory:x", "INTERLOCK_OUTAGE_LIMIT", "1m", "PATH", "/bin"));
        assertThat(config.outageLimit()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void sayWhatIsMissing() {
        assertThatThrownBy(() -> LockConfig.of(Map.of("lease", "5s")))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("uri")
                .hasMessageContaining("lease");
        assertThatThrownBy(() -> LockConfig.builder().build().scheme())
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("uri");
    }

    @Test
    void refusesASettingThatIsGivenTwice() {
        assertThatThrownBy(() -> LockConfig.of("memory:x?lease=1s&lease=2s"))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("lease");
        assertThatThrownBy(() -> LockConfig.of(Map.of("uri", "memory:x?lease=1s", "lease", "2s")))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("lease");
        assertThatThrownBy(() -> LockConfig.of(Map.of("uri", "redis://u:p@h", "password", "hush")))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("password")
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @CsvSource({
        "lease=5ms, lease = 5ms: must be from 100ms to 86400000ms",
        "lease=2d, lease = 2d: must be from",
        "lease=-5s, lease = -5s: must be a duration",
        "lease=PT-5S, lease = PT-5S: must not be negative",
        "lease=999999999999d, lease = 999999999999d: must be from",
        "lease=forever, lease = forever: must be a duration such as 500ms",
        "lease=, lease = : must be a duration",
        "callTimeout=1ms, callTimeout = 1ms: must be from 10ms",
        "callTimeout=2m, callTimeout = 2m: must be from",
        "allowUnsafe=yes, allowUnsafe = yes: must be true or false",
        "namespace=a:b, namespace = a:b: must have 1 to 64 characters",
        "namespace=, namespace = : must not be empty"
    })
    void namesTheKeyTheValueAndTheLimit(String query, String message) {
        assertThatThrownBy(() -> LockConfig.of("memory:x?" + query))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void durationsMayBeIso() {
        assertThat(LockConfig.of("memory:x?lease=PT1.5S").lease()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void showsNoSecret() {
        var config = LockConfig.of("redis://joe:hush@h1/0?tlsTruststorePassword=hush2");
        assertThat(config.toString())
                .contains("joe", "h1", "tlsTruststorePassword")
                .doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://user:hu/sh@h/0",
                "redis://user:hu?sh@h/0",
                "redis://user:hu?sh@h:6379/0?variant=lua",
                "redis://user:hu?sh=sh@h:6379/0",
                "redis://user:hu?sh=x&sh@h=y",
                "redis://user:hu#sh@h/0",
                "redis://user:%zzhush@h"
            })
    void showsNoSecretThatIsMalformed(String uri) {
        assertThatThrownBy(() -> LockConfig.of(uri).hosts(1))
                .isInstanceOf(LockConfigException.class)
                .hasMessageNotContainingAny("hu", "sh@");
    }

    @Test
    void requiringAddsUp() {
        var config = LockConfig.of("memory:x").require(Capability.FENCING).require(Capability.FAIR);
        assertThat(config.required()).containsExactlyInAnyOrder(Capability.FENCING, Capability.FAIR);
    }
}
