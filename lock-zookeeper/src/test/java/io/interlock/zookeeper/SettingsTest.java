// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Capability;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static ZooKeeperOptions options(String rest) {
        return ZooKeeperSettings.options(LockConfig.of("zookeeper://" + rest));
    }

    @Test
    void theDefaultsAreThoseOfTheOptions() {
        assertThat(options("h")).isEqualTo(ZooKeeperOptions.defaults());
        assertThat(ZooKeeperSettings.session(LockConfig.of("zookeeper://h"))).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void hostsWithoutAPortHaveTheUsualOne() {
        assertThat(ZooKeeperSettings.connectString(LockConfig.of("zookeeper://h1:2182,h2,[::1]:2183/base")))
                .isEqualTo("h1:2182,h2:2181,[::1]:2183");
    }

    @ParameterizedTest
    @CsvSource({"h, /interlock", "h/, /interlock", "h/a, /a", "h/a/b-c_d.e/, /a/b-c_d.e"})
    void thePathIsTheBase(String rest, String base) {
        assertThat(options(rest).base()).isEqualTo(base);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h//", "h/a//b", "h/.", "h/a/..", "h/a%20b", "h/zookeeper", "h/zookeeper/x"})
    void aBaseThatIsNoPathIsRefused(String rest) {
        assertThatExceptionOfType(LockConfigException.class)
                .isThrownBy(() -> options(rest))
                .withMessageContaining("base = ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session=99ms | session = 99ms: must be from 100ms",
                "session=11m | session = 11m: must be from 100ms to 600000ms",
                "connectTimeout=1ms | connectTimeout = 1ms: must be from 100ms",
                "fair=maybe | fair = maybe: must be true or false",
                "fair=false&variant=fair | fair = false: contradicts variant=fair",
                "parent=none | parent = none: must be one of [container, persistent]",
                "acl=all | acl = all: must be one of [open, creator]",
                "acl=creator | acl = creator: needs auth=digest",
                "auth=sasl | auth = sasl: must be one of [none, digest]",
                "auth=digest:joe:geheim | auth = digest:***: must be one of [none, digest]",
                "auth=digest | auth = digest: needs a user and a password",
                "auth=digest&user=joe | auth = digest: needs a user and a password",
                "user=joe&password=geheim | user, password: have no place without auth=digest",
                "tickTime=2m | tickTime = 2m: must be from 1ms to 60000ms",
                "poll=1s | poll: unknown setting"
            })
    void aBadSettingIsRefusedBeforeAnythingIsSent(String query, String message) {
        assertThatExceptionOfType(LockConfigException.class)
                .isThrownBy(() -> LockClient.open("zookeeper://unknown.invalid?" + query))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("geheim"));
    }

    @Test
    void unfairIsAVariantAndFairFalseAnotherWordForIt() {
        assertThat(options("h?fair=false")).isEqualTo(options("h?variant=unfair"));
        assertThat(options("h?variant=unfair").variant().capabilities()).doesNotContain(Capability.FAIR);
        assertThat(options("h").variant().capabilities()).contains(Capability.FAIR);
    }

    @Test
    void fairnessThatIsRequiredCanNotBeSwitchedOff() {
        assertThatExceptionOfType(LockConfigException.class)
                .isThrownBy(() -> LockClient.open(
                        LockConfig.of("zookeeper://unknown.invalid?fair=false").require(Capability.FAIR)))
                .withMessageContaining("FAIR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "/x/", "/x//y", "/.", "x/y", "/zookeeper"})
    void optionsRefuseABaseThatIsNoPath(String base) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperOptions.defaults().withBase(base))
                .withMessageContaining("base = " + base);
    }

    @Test
    void optionsRefuseTimesOutOfBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperOptions.defaults().withTickTime(Duration.ZERO))
                .withMessageContaining("tickTime");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZooKeeperOptions.defaults().withCallTimeout(Duration.ofMinutes(2)))
                .withMessageContaining("callTimeout");
    }

    @Test
    void nobodyThereIsSaidWithinTheConnectTimeout() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long begin = System.nanoTime();
        assertThatThrownBy(() -> LockClient.open("zookeeper://127.0.0.1:" + port + "?connectTimeout=300ms"))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("Connection refused");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void somebodyElseThereIsSaidToo() throws Exception {
        try (var mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            LockClient.open("zookeeper://127.0.0.1:" + mute.getLocalPort() + "?connectTimeout=300ms"))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("does not answer");
        }
    }
}
