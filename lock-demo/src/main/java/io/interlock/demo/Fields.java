// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A line of named values, {@code key=value&key=value}: what coordinator and workers send each other. */
final class Fields {
    private final Map<String, String> values = new LinkedHashMap<>();

    Fields with(String key, Object value) {
        values.put(key, value.toString());
        return this;
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no '" + key + "' among " + values.keySet());
        }
        return value;
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    /** {@return one line without line ends} */
    String encode() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static Fields decode(String line) {
        var fields = new Fields();
        for (String pair : line.split("&", -1)) {
            int equals = pair.indexOf('=');
            fields.with(
                    pair.substring(0, Math.max(equals, 0)),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }
}
