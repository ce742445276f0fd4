// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/** The scripts that run in the server, each of them one atomic step; see the resources of their names. */
enum Script {
    ACQUIRE,
    RELEASE,
    UNDO,
    RENEW,
    FORCE_RELEASE,
    COMPARE_DELETE,
    COMPARE_EXPIRE,
    REDLOCK_ACQUIRE,
    REDLOCK_CONFIRM;

    private static final String INCLUDE = "--include ";

    private final String source;
    private final String sha;

    Script() {
        source = read(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua");
        sha = sha1(source);
    }

    /** The text, for a server that does not know the script yet. */
    String source() {
        return source;
    }

    /** The name by which a server that has seen the script knows it. */
    String sha() {
        return sha;
    }

    private static String read(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing beside " + Script.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line + "\n")
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1, by which Redis names scripts, is missing in this JDK", e);
        }
    }
}
