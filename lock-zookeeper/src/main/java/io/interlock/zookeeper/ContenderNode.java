// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The node of one contender: {@code lease-<owner id>-<sequence>}. Immutable. The owner id in its name is what finds our
 * node again after a lost reply.
 *
 * @param name the node's name
 * @param owner the owner id, 32 hexadecimal digits
 * @param sequence what ZooKeeper appended: a counter of 32 bits, negative after its wrap
 */
record ContenderNode(String name, String owner, int sequence) {
    private static final Pattern NAME = Pattern.compile("lease-(?<owner>[0-9a-f]{32})-(?<sequence>-?\\d{9,10})");

    static String prefix(String ownerId) {
        return "lease-" + ownerId + "-";
    }

    /** Empty if the name is not of our making: such a child is left alone and counts for nothing. */
    static Optional<ContenderNode> parse(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long sequence = Long.parseLong(parts.group("sequence"));
        boolean asZooKeeperWrites = sequence == (int) sequence
                && String.format(Locale.ROOT, "%010d", sequence).equals(parts.group("sequence"));
        return asZooKeeperWrites
                ? Optional.of(new ContenderNode(name, parts.group("owner"), (int) sequence))
                : Optional.empty();
    }

    /**
     * The contenders among a lock's children, the first in line first. By number and not by text, because text sorts the
     * numbers after the counter's wrap wrongly; by distance, because after the wrap later numbers are smaller ones.
     */
    static List<ContenderNode> inLine(Collection<String> children) {
        var line = new ArrayList<ContenderNode>();
        for (String child : children) {
            parse(child).ifPresent(line::add);
        }
        if (!line.isEmpty()) {
            int origin = line.get(0).sequence();
            line.sort(Comparator.comparingInt(node -> node.sequence() - origin));
        }
        return line;
    }
}
