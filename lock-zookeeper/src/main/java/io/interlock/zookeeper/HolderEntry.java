// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.HolderInfo;
import io.interlock.spi.HolderRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.zookeeper.data.Stat;

/** The holder as the nodes tell it: the record in the contender's, and the ensemble's own times. */
final class HolderEntry {
    private HolderEntry() {}

    /** The record without a time: the ensemble's clock is the one that all holders share. */
    static byte[] encode(HolderInfo holder) {
        String text = HolderRecord.encode(new HolderInfo(
                holder.host(), holder.pid(), holder.thread(), holder.label(), Optional.empty(), OptionalLong.empty()));
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The holder.
     *
     * @param contender the first in line
     * @param lock the lock's node, which the holder before changed when it left: who waited for that holds since then
     * @param token of the grant, if it can be told
     */
    static HolderInfo decode(Requests.Content contender, Stat lock, OptionalLong token) {
        HolderInfo holder = HolderRecord.decode(contender.data());
        long since = Math.max(contender.stat().getCtime(), lock.getMtime());
        return new HolderInfo(
                holder.host(),
                holder.pid(),
                holder.thread(),
                holder.label(),
                Optional.of(Instant.ofEpochMilli(since)),
                token);
    }
}
