// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.util.Locale;

/** Which of the executables in the embedded-redis jar runs on this machine. */
final class RedisBinary {
    private static final String PREFIX = "redis-server-7.0.15-";

    private RedisBinary() {}

    static String resource() {
        return resource(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static String resource(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.startsWith("linux") ? "linux" : os.startsWith("mac") ? "darwin" : "";
        String machine = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default -> "";
        };
        if (system.isEmpty() || machine.isEmpty()) {
            throw new UnsupportedOperationException("no Redis executable for " + osName + " on " + osArch
                    + "; there are some for Linux and macOS on amd64 and arm64");
        }
        return PREFIX + system + "-" + machine;
    }
}
