// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Which node of a cluster serves which slot, as one of them saw it at some time. Immutable. */
final class ClusterSlots {
    private static final int COUNT = 16384;

    private final @Nullable HostAndPort[] masters;

    private ClusterSlots(@Nullable HostAndPort[] masters) {
        this.masters = masters;
    }

    static ClusterSlots unknown() {
        return new ClusterSlots(new HostAndPort[COUNT]);
    }

    /**
     * Reads the reply to CLUSTER SLOTS: for each range its ends, its master and then its replicas.
     *
     * @param asked stands for a node that does not tell its host, since it does not know by what name we reach it
     */
    static ClusterSlots parse(List<?> reply, HostAndPort asked) {
        var masters = new HostAndPort[COUNT];
        for (Object each : reply) {
            List<?> range = Replies.list(each);
            List<?> master = Replies.list(range.get(2));
            String host = Replies.text(master.get(0));
            var address = address(host == null ? "" : host, (int) Replies.number(master.get(1)), asked);
            int from = (int) Replies.number(range.get(0));
            int to = (int) Replies.number(range.get(1));
            Arrays.fill(masters, from, to + 1, address);
        }
        return new ClusterSlots(masters);
    }

    /** An address as a node tells it to who asked it by another. */
    static HostAndPort address(String host, int port, HostAndPort asked) {
        return host.isEmpty() || host.equals("?")
                ? new HostAndPort(asked.getHost(), port)
                : new HostAndPort(host, port);
    }

    static int slotOf(String key) {
        return JedisClusterCRC16.getSlot(key);
    }

    /** Null: not known. */
    @Nullable
    HostAndPort masterOf(int slot) {
        return masters[slot];
    }

    /** The same but for one slot. */
    ClusterSlots with(int slot, HostAndPort master) {
        @Nullable HostAndPort[] changed = masters.clone();
        changed[slot] = master;
        return new ClusterSlots(changed);
    }

    Set<HostAndPort> masters() {
        var all = new HashSet<HostAndPort>();
        for (var master : masters) {
            if (master != null) {
                all.add(master);
            }
        }
        return all;
    }
}
