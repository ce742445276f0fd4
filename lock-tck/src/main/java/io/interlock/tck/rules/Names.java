// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import java.util.List;

/** Names that stores and clients like to mix up, or to stumble over. Written with escapes where an editor might, too. */
final class Names {
    /** Strings that are not equal, and yet were one lock somewhere. */
    static final List<List<String>> ALIKE = List.of(
            List.of("a", "A"),
            List.of("a", "a ", " a", "a\t", "a\n", "a\u00A0"),
            List.of("a", "a\0", "\0a", "a\0b", "a\0c"),
            List.of("\u00E9", "e\u0301", "e", "E", "\u00C9"),
            List.of("\u00DF", "ss", "SS", "\u1E9E"),
            List.of("\u0130", "i", "\u0131", "I", "i\u0307"),
            List.of("\uD83D\uDE00", "\uD83D\uDE80", "?", "??"),
            List.of("1", "01", "1.0", "+1", "1e0"),
            List.of("a:b", "a", ":b", "a::b", "a:b:"),
            List.of("a/b", "a", "b", "/b", "a//b", "a/b/", "a/./b"),
            List.of("a.b", "a_b", "a-b", "a b", "a+b", "a%20b", "a%2520b"),
            List.of("%", "_", "*", "?"),
            List.of("{x}a", "{x}b", "x", "{x}", "{}x"),
            List.of("a\\b", "a/b", "a\\\\b"),
            List.of("ab", "a\u200Db", "a\u200Bb", "a\u00ADb"),
            List.of("\uFF21", "A", "\u0391", "\u0410"),
            List.of("\u03C3", "\u03C2", "\u03A3"),
            List.of("null", "NULL", "Null"));

    /** Parts that are no strings of Unicode. */
    static final List<String> LONE_SURROGATES =
            List.of("\uD800", "\uD801", "\uDBFF", "\uDC00", "\uDFFF", "\uD800x", "x\uDC00", "\uDC00\uD800");

    private Names() {}

    /** Names that mean something to shells, stores, scripts and file systems. */
    static List<String> hostile(String unique, String near, String far) {
        return List.of(
                unique + "*",
                "*" + unique,
                unique.substring(0, unique.length() - 1) + "[0-9]",
                unique + "'; DROP TABLE interlock_lock; --",
                unique + "' OR '1'='1",
                unique + "\" OR \"\"=\"",
                unique + "`\\",
                unique + "\r\nDEL " + near + "\r\n",
                unique + "\r\n*1\r\n$8\r\nFLUSHALL\r\n",
                unique + "') redis.call('flushall') --",
                unique + "]] return 1 --[[",
                unique + "{" + near + "}",
                "{" + unique,
                unique + "}{",
                "/" + unique,
                unique + "/",
                "//" + unique + "//",
                unique + "/../" + near,
                unique + "/../../tck-elsewhere/" + far,
                "../" + unique,
                unique + "/.",
                "/zookeeper/" + unique,
                "zookeeper" + unique,
                unique + "/zookeeper",
                "tck-elsewhere:" + unique,
                unique + "%2e%2e%2f",
                unique + "${jndi:ldap://127.0.0.1:1/x}",
                unique + "%s%n%d",
                unique + "\u0000\u0001\u001b[2J\u0007\u007f",
                unique + "\u202E\u2066",
                unique + "?variant=x&namespace=tck-elsewhere#f",
                "-" + unique,
                "--" + unique);
    }

    /** A name as source text, since a message must show what an eye does not see. */
    static String shown(String name) {
        var text = new StringBuilder("\"");
        name.chars().forEach(unit -> {
            if (unit >= ' ' && unit < 0x7F) {
                text.append((char) unit);
            } else {
                text.append(String.format("\\u%04X", unit));
            }
        });
        return text.append('"').toString();
    }
}
