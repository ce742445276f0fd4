// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.HolderInfo;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The one text form in which every backend stores a {@link HolderInfo}: {@code host=web-3&pid=4711&thread=main&since=…},
 * form-encoded, so that it is plain ASCII and readable in the store's own shell.
 */
public final class HolderRecord {
    private HolderRecord() {}

    /**
     * Writes the record.
     *
     * @param holder who holds
     * @return ASCII without spaces or line ends
     */
    public static String encode(HolderInfo holder) {
        var text = new StringBuilder();
        append(text, "host", holder.host());
        append(text, "pid", Long.toString(holder.pid()));
        append(text, "thread", holder.thread());
        holder.label().ifPresent(label -> append(text, "label", label));
        holder.since().ifPresent(since -> append(text, "since", since.toString()));
        holder.fencingToken().ifPresent(token -> append(text, "token", Long.toString(token)));
        return text.toString();
    }

    /**
     * Reads the record, leniently: what is missing or malformed is left out, because an entry of another version of
     * this library, or one edited by hand, must not break {@code holder()}.
     *
     * @param text what {@link #encode} wrote
     * @return who holds, with host {@code unknown} and pid 0 where the record does not tell
     */
    public static HolderInfo decode(String text) {
        Map<String, String> fields = fields(text);
        return new HolderInfo(
                fields.getOrDefault("host", "unknown"),
                parsed(fields, "pid", Long::valueOf).orElse(0L),
                fields.getOrDefault("thread", "unknown"),
                Optional.ofNullable(fields.get("label")),
                parsed(fields, "since", Instant::parse),
                parsed(fields, "token", Long::valueOf).map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static void append(StringBuilder text, String key, String value) {
        text.append(text.isEmpty() ? "" : "&").append(key).append('=');
        text.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static Map<String, String> fields(String text) {
        var fields = new HashMap<String, String>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                decoded(pair.substring(equals + 1)).ifPresent(value -> fields.put(pair.substring(0, equals), value));
            }
        }
        return fields;
    }

    private static Optional<String> decoded(String value) {
        try {
            return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static <T> Optional<T> parsed(Map<String, String> fields, String key, Function<String, T> parser) {
        String value = fields.get(key);
        try {
            return value == null ? Optional.empty() : Optional.of(parser.apply(value));
        } catch (NumberFormatException | java.time.format.DateTimeParseException malformed) {
            return Optional.empty();
        }
    }
}
