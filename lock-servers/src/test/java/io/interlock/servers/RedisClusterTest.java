// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RedisClusterTest {
    /** Of the key "key". */
    private static final int SLOT = 12539;

    @AutoClose
    private final RedisCluster cluster = RedisCluster.start();

    @Test
    void mastersShareTheSlotsAndSendStrangersOn() throws IOException {
        assertThat(cluster.nodes()).hasSize(6);
        assertThat(cluster.uri()).endsWith("?mode=cluster");
        assertThat(cluster.masterOf(0)).isSameAs(cluster.nodes().get(0));
        assertThat(cluster.masterOf(RedisCluster.SLOTS - 1))
                .isSameAs(cluster.nodes().get(2));
        assertThat(RawRedis.askOnce(cluster.nodes().get(0), "SET key value"))
                .isEqualTo("-MOVED " + SLOT + " 127.0.0.1:"
                        + cluster.masterOf(SLOT).port());
        assertThat(RawRedis.askOnce(cluster.masterOf(SLOT), "SET key value")).isEqualTo("+OK");
    }

    @Test
    void movedSlotTakesItsKeysAlong() throws IOException {
        RawRedis.askOnce(cluster.masterOf(SLOT), "SET key value");
        RedisServer to = cluster.nodes().get(0);
        RedisServer from = cluster.masterOf(SLOT);
        cluster.beginMove(SLOT, to);
        assertThat(RawRedis.askOnce(from, "GET key")).isEqualTo("$5");
        cluster.moveKeys(SLOT, to);
        assertThat(RawRedis.askOnce(from, "GET key")).startsWith("-ASK " + SLOT);
        cluster.endMove(SLOT, to);
        assertThat(RawRedis.askOnce(from, "GET key")).startsWith("-MOVED " + SLOT);
        assertThat(RawRedis.askOnce(to, "GET key")).isEqualTo("$5");
    }

    @Test
    void replicaTakesOverFromAMasterThatIsGone() throws IOException {
        RedisServer former = cluster.masterOf(SLOT);
        former.kill();
        RedisServer next = cluster.awaitMasterOtherThan(former, SLOT);
        assertThat(next).isIn(cluster.nodes().subList(3, 6));
        assertThat(RawRedis.askOnce(next, "SET key value")).isEqualTo("+OK");
    }
}
