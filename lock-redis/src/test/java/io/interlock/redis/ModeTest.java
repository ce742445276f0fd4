// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.servers.RedisSentinels;
import io.interlock.servers.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of the modes, what is wrong with them, and sentinels that ask for a password of their own. */
@Timeout(60)
class ModeTest {
    @Test
    void sentinelsAndServersHaveCredentialsOfTheirOwn() {
        try (var sentinels = RedisSentinels.startWithPasswords("data", "watch")) {
            String uri = "redis://:data@" + sentinels.hosts() + "?mode=sentinel&master=mymaster";
            try (var client = LockClient.open(uri + "&sentinelPassword=watch")) {
                assertThat(client.lock("a").tryAcquire()).isPresent();
            }
            assertThatThrownBy(() -> LockClient.open(uri))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("NOAUTH");
            assertThatThrownBy(() -> LockClient.open(uri + "&sentinelPassword=wrong"))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong ");
        }
    }

    @Test
    void serverThatIsNoneOfWhatTheModeSaysIsRefusedAtOpenInItsOwnWords() {
        try (var server = RedisServer.start()) {
            assertThatThrownBy(() -> LockClient.open(server.uri("mode=cluster")))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("cluster support disabled");
            assertThatThrownBy(() -> LockClient.open(server.uri("mode=sentinel&master=m")))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("unknown command");
            server.kill();
            assertThatThrownBy(() -> LockClient.open(server.uri("mode=cluster")))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("refused");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h?mode=ring, mode = ring",
        "redis://h?mode=sentinel, master: missing",
        "redis://h?master=m, mode = standalone",
        "redis://h?mode=cluster&sentinelPassword=p, mode = cluster",
        "redis://h?mode=sentinel&master=m&sentinelUser=u, given without a sentinelPassword",
        "'redis://a,b', has 2 hosts",
        "redis://h/1?mode=cluster, database 0"
    })
    void badSettingIsRefusedBeforeAnythingIsSent(String uri, String words) {
        assertThatThrownBy(() -> RedisConnector.connect(LockConfig.of(uri)))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(words);
    }
}
