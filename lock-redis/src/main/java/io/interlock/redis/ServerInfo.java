// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reply to {@code INFO}. Immutable.
 *
 * @param fields by their names; those that a server leaves out are missing
 */
record ServerInfo(Map<String, String> fields) {
    private static final Pattern MAJOR = Pattern.compile("(\\d{1,6})\\..*");

    static ServerInfo parse(String reply) {
        var fields = new HashMap<String, String>();
        reply.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new ServerInfo(Map.copyOf(fields));
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(fields.get(field));
    }

    Optional<Long> number(String field) {
        return text(field).filter(text -> text.matches("\\d{1,18}")).map(Long::valueOf);
    }

    boolean is(String field, String value) {
        return value.equals(fields.get(field));
    }

    /** The first number of a version such as {@code 7.0.15}. */
    static Optional<Integer> major(String version) {
        Matcher matcher = MAJOR.matcher(version);
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }
}
