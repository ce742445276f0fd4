// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What the nodes say of a lock, and whom a majority names. No I/O. Confined to one thread at a time. */
final class RedlockHolder {
    /**
     * An entry at one node.
     *
     * @param owner its id
     * @param holder what it tells of the holder
     * @param agreed whether the token is that of the grant, and not only this node's candidate
     */
    record Entry(String owner, HolderInfo holder, boolean agreed) {}

    private final Quorum quorum;
    private final Map<String, List<Entry>> entries = new HashMap<>();
    private int answered;
    private int failed;

    RedlockHolder(Quorum quorum) {
        this.quorum = quorum;
    }

    void answered(Optional<Entry> entry) {
        answered++;
        entry.ifPresent(found -> entries.computeIfAbsent(found.owner(), owner -> new ArrayList<>())
                .add(found));
    }

    void failed() {
        failed++;
    }

    boolean isDecided() {
        int most = entries.values().stream().mapToInt(List::size).max().orElse(0);
        int pending = quorum.nodes() - answered - failed;
        boolean nobody = isAnswered() && !quorum.isMajority(most + pending);
        return pending == 0 || nobody || named().stream().anyMatch(Entry::agreed);
    }

    /** Whether a majority has answered; without one nobody knows. */
    boolean isAnswered() {
        return quorum.isMajority(answered);
    }

    /** Whom a majority names. A token that no node knows to be agreed on is left out. */
    Optional<HolderInfo> holder() {
        List<Entry> named = named();
        return named.stream()
                .filter(Entry::agreed)
                .map(Entry::holder)
                .findFirst()
                .or(() -> named.stream()
                        .map(entry -> withoutToken(entry.holder()))
                        .findFirst());
    }

    static HolderInfo withoutToken(HolderInfo holder) {
        return new HolderInfo(
                holder.host(), holder.pid(), holder.thread(), holder.label(), holder.since(), OptionalLong.empty());
    }

    private List<Entry> named() {
        return entries.values().stream()
                .filter(told -> quorum.isMajority(told.size()))
                .findFirst()
                .orElse(List.of());
    }
}
