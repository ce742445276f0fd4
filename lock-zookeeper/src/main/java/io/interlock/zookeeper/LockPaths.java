// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a lock is in the tree: {@code base/namespace/name}. Immutable. The mapping is frozen: clients of all versions
 * must meet at the same node.
 *
 * <p>Namespace and name are escaped one by one: of their UTF-8 bytes, letters, digits, {@code _} and {@code -} stay, and
 * every other byte is {@code %XX} in upper-case hexadecimal digits. So no name is a path, none is {@code .} or
 * {@code ..}, none has a character that ZooKeeper refuses, and two different names never meet.
 *
 * @param lock the node of the lock, whose children are the contenders
 */
record LockPaths(String lock) {
    private static final String HEX = "0123456789ABCDEF";

    static LockPaths of(String base, String namespace, String name) {
        String root = base.equals("/") ? "" : base;
        return new LockPaths(root + "/" + escape(namespace) + "/" + escape(name));
    }

    String child(String node) {
        return lock + "/" + node;
    }

    /** What a contender's node is to be called, up to the sequence that ZooKeeper appends. */
    String contender(String ownerId) {
        return child(ContenderNode.prefix(ownerId));
    }

    /** The lock's node and all above it, from the top. */
    List<String> chain() {
        var chain = new ArrayList<String>();
        for (int slash = lock.indexOf('/', 1); slash > 0; slash = lock.indexOf('/', slash + 1)) {
            chain.add(lock.substring(0, slash));
        }
        chain.add(lock);
        return chain;
    }

    static String escape(String text) {
        var escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '_' || b == '-';
    }
}
