// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link RedisServer}. Confined to one thread. */
public final class RedisServerBuilder {
    private final List<String> settings = new ArrayList<>();
    private @Nullable Integer port;
    private @Nullable String password;
    private @Nullable Path certificate;
    private @Nullable Path key;

    RedisServerBuilder() {}

    /**
     * Adds a line to the server's configuration file.
     *
     * @param line such as {@code appendonly yes}
     * @return this
     */
    public RedisServerBuilder setting(String line) {
        settings.add(line);
        return this;
    }

    /**
     * Chooses the port, which must be free; one is found otherwise.
     *
     * @param port from 1 to 65535
     * @return this
     */
    public RedisServerBuilder port(int port) {
        this.port = port;
        return this;
    }

    /**
     * Lets the server ask for a password, which {@link RedisServer#uri} then carries.
     *
     * @param password without spaces and quotes
     * @return this
     */
    public RedisServerBuilder password(String password) {
        this.password = password;
        return setting("requirepass " + password);
    }

    /**
     * Lets the server speak TLS, and nothing else. Clients need no certificate.
     *
     * @param certificate a PEM file; clients must trust it
     * @param key a PEM file, without a password
     * @return this
     */
    public RedisServerBuilder tls(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        return this;
    }

    /**
     * Starts the server.
     *
     * @return ready to be used
     * @throws IllegalStateException if it does not start; the message has the end of its log
     */
    public RedisServer start() {
        try {
            return new RedisServer(this);
        } catch (IOException e) {
            throw new UncheckedIOException("Redis could not be started", e);
        }
    }

    @Nullable
    Integer port() {
        return port;
    }

    String scheme() {
        return certificate == null ? "redis" : "rediss";
    }

    String userInfo() {
        return password == null
                ? ""
                : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@";
    }

    /** Later lines win: callers may change what is saved, and can't open the server to the network. */
    List<String> configLines(int port, Path folder) {
        var lines = new ArrayList<>(List.of("save \"\"", "appendonly no"));
        lines.addAll(settings);
        lines.addAll(List.of(
                "bind 127.0.0.1",
                "protected-mode yes",
                "daemonize no",
                "logfile \"\"",
                // the log says when the server is ready
                "loglevel notice",
                "dir \"" + folder + "\"",
                // else Redis replaces its command line, by which a sweep knows it again
                "set-proc-title no"));
        lines.addAll(portLines(port));
        return lines;
    }

    private List<String> portLines(int port) {
        if (certificate == null || key == null) {
            return List.of("port " + port);
        }
        return List.of(
                "port 0",
                "tls-port " + port,
                "tls-cert-file \"" + certificate.toAbsolutePath() + "\"",
                "tls-key-file \"" + key.toAbsolutePath() + "\"",
                "tls-auth-clients no");
    }
}
