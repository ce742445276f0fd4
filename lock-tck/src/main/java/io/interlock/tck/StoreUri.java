// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A store's URI, and the changes that clients of the kit need in it. Never shown: it may hold a password. Immutable.
 */
final class StoreUri {
    private final String text;
    private final LockConfig config;

    /** Checks the form. */
    StoreUri(String text) {
        this.text = text;
        config = LockConfig.of(text);
    }

    String text() {
        return text;
    }

    LockConfig config() {
        return config;
    }

    /** The servers that it names; empty if it names none, or one without a port and there is no default. */
    Optional<List<InetSocketAddress>> servers(OptionalInt defaultPort) {
        try {
            return Optional.of(config.hosts(defaultPort.orElse(0)));
        } catch (LockConfigException noHost) {
            return Optional.empty(); // such as memory:name; port 0 is refused too
        }
    }

    /** The same over a link. */
    StoreUri through(Link link, List<InetSocketAddress> servers) {
        String ends = servers.stream()
                .map(link::endFor)
                .map(end -> end.getAddress().getHostAddress() + ":" + end.getPort())
                .collect(Collectors.joining(","));
        int authority = text.indexOf("//") + 2;
        int end = endOfAuthority(authority);
        int hosts = text.substring(0, end).lastIndexOf('@') + 1;
        return new StoreUri(text.substring(0, Math.max(authority, hosts)) + ends + text.substring(end));
    }

    /** The same without settings that are given beside it. */
    StoreUri without(Set<String> keys) {
        int query = text.indexOf('?');
        if (query < 0) {
            return this;
        }
        String kept = Arrays.stream(text.substring(query + 1).split("&", -1))
                .filter(pair -> !keys.contains(pair.substring(0, Math.max(0, pair.indexOf('=')))))
                .collect(Collectors.joining("&"));
        return new StoreUri(text.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept));
    }

    private int endOfAuthority(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '/' && text.charAt(end) != '?') {
            end++;
        }
        return end;
    }
}
