// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Settings where they are mixed with those of others: picked by their prefix, and named as in a URI's query. */
final class SettingSources {
    private static final String PROPERTY_PREFIX = "interlock.";
    private static final String ENVIRONMENT_PREFIX = "INTERLOCK_";
    private static final Pattern AFTER_UNDERSCORE = Pattern.compile("_([a-z0-9])");

    private SettingSources() {}

    static Map<String, String> of(Properties properties) {
        var settings = new TreeMap<String, String>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PROPERTY_PREFIX)) {
                settings.put(name.substring(PROPERTY_PREFIX.length()), properties.getProperty(name));
            }
        }
        return settings;
    }

    static Map<String, String> ofEnvironment(Map<String, String> environment) {
        var settings = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                settings.put(camelCase(name.substring(ENVIRONMENT_PREFIX.length())), value);
            }
        });
        return settings;
    }

    private static String camelCase(String upperSnake) {
        return AFTER_UNDERSCORE
                .matcher(upperSnake.toLowerCase(Locale.ROOT))
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }
}
