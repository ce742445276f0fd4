// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How Redis is run. Immutable.
 *
 * @param settings lines of the configuration file
 * @param tls null for plain connections
 */
record RedisRecipe(List<String> settings, @Nullable Tls tls) implements ServerRecipe {
    private static final String CONTAINER_FOLDER = "/interlock/";
    private static final int CONTAINER_PORT = 6379;

    RedisRecipe {
        settings = List.copyOf(settings);
    }

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public String kind() {
        return "redis";
    }

    @Override
    public Pattern ready() {
        return Pattern.compile("Ready to accept connections");
    }

    @Override
    public Pattern version() {
        return Pattern.compile("Redis version=([^,\\s]+)");
    }

    @Override
    public List<String> processCommand(ServerHome home, Path folder, int port) throws IOException {
        Path config = folder.resolve("redis.conf");
        Files.write(
                config,
                lines(
                        List.of("bind 127.0.0.1", "protected-mode yes", "dir \"" + folder + "\""),
                        tls == null ? plain(port) : tls.lines(port)));
        return List.of(home.executable(RedisBinary.resource()).toString(), config.toString());
    }

    @Override
    public ContainerRecipe container() throws IOException {
        Map<String, String> files = new HashMap<>();
        List<String> ports = plain(CONTAINER_PORT);
        if (tls != null) {
            var inside = new Tls(Path.of(CONTAINER_FOLDER, "certificate.pem"), Path.of(CONTAINER_FOLDER, "key.pem"));
            files.put(inside.certificate().toString(), Files.readString(tls.certificate()));
            files.put(inside.key().toString(), Files.readString(tls.key()));
            ports = inside.lines(CONTAINER_PORT);
        }
        String config = CONTAINER_FOLDER + "redis.conf";
        // only what the image's user may write to whatever the image: /tmp
        List<String> address = List.of("bind 0.0.0.0", "protected-mode no", "dir /tmp");
        files.put(config, String.join("\n", lines(address, ports)) + "\n");
        return new ContainerRecipe("redis:7", CONTAINER_PORT, List.of("redis-server", config), Map.of(), files);
    }

    /** Later lines win: callers may change what is saved, and can't open the server to the network. */
    private List<String> lines(List<String> place, List<String> ports) {
        var lines = new ArrayList<>(List.of("save \"\"", "appendonly no"));
        lines.addAll(settings);
        lines.addAll(List.of(
                "daemonize no",
                "logfile \"\"",
                // the log says when the server is ready
                "loglevel notice",
                // else Redis replaces its command line, by which a sweep knows it again
                "set-proc-title no"));
        lines.addAll(place);
        lines.addAll(ports);
        return lines;
    }

    private static List<String> plain(int port) {
        return List.of("port " + port);
    }

    /**
     * The server's own certificate.
     *
     * @param certificate a PEM file
     * @param key a PEM file
     */
    record Tls(Path certificate, Path key) {
        List<String> lines(int port) {
            return List.of(
                    "port 0",
                    "tls-port " + port,
                    "tls-cert-file \"" + certificate.toAbsolutePath() + "\"",
                    "tls-key-file \"" + key.toAbsolutePath() + "\"",
                    "tls-auth-clients no");
        }
    }
}
