// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisSentinelsTest {
    @Test
    void lossOfTheMasterMakesTheReplicaOneWhichKnowsEverything() throws IOException {
        try (var sentinels = RedisSentinels.start()) {
            RedisServer former = sentinels.master();
            assertThat(sentinels.replica()).isNotSameAs(former);
            assertThat(sentinels.uri())
                    .startsWith(
                            "redis://127.0.0.1:" + sentinels.sentinels().get(0).port() + ",")
                    .endsWith("?mode=sentinel&master=mymaster");
            RawRedis.askOnce(former, "SET key value");
            assertThat(RawRedis.askOnce(former, "WAIT 1 2000")).isEqualTo(":1");
            former.kill();
            RedisServer master = sentinels.awaitMasterOtherThan(former);
            assertThat(RawRedis.askOnce(master, "GET key")).isEqualTo("$5");
            assertThat(RawRedis.askOnce(master, "SET key value")).isEqualTo("+OK");
        }
    }

    @Test
    void askForPasswords() throws IOException {
        RedisSentinels closed;
        try (var sentinels = RedisSentinels.startWithPasswords("data", "watch")) {
            closed = sentinels;
            assertThat(RawRedis.askOnce(sentinels.sentinels().get(0), "PING")).startsWith("-NOAUTH");
            assertThat(RawRedis.askOnce(sentinels.master(), "PING")).startsWith("-NOAUTH");
        }
        assertThat(List.copyOf(closed.sentinels())).noneMatch(RedisServer::isAlive);
    }
}
