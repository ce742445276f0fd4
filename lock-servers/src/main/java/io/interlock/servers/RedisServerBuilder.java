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
    private RedisRecipe.@Nullable Tls tls;
    private @Nullable ServerMode mode;

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
        this.tls = new RedisRecipe.Tls(certificate, key);
        return this;
    }

    /**
     * Makes it a node of a cluster, of which it is the only one that it knows, and without slots.
     *
     * @return this
     */
    public RedisServerBuilder clusterNode() {
        // its other port not ten thousand above the first, where systems take those of outgoing connections
        return setting("cluster-enabled yes").setting("cluster-port " + FreePort.find());
    }

    /**
     * Starts the server.
     *
     * @return ready to be used
     * @throws IllegalStateException if it does not start; the message has the end of its log, or says that Docker was
     *     asked for and does not answer
     * @throws IllegalArgumentException if the system property {@code lock.tck.servers} is neither process nor docker
     */
    public RedisServer start() {
        try {
            ServerMode where = mode == null ? ServerMode.chosen() : mode;
            var server = ManagedServer.start(new RedisRecipe(settings, tls), where, port);
            return new RedisServer(server, scheme() + "://" + userInfo(), password);
        } catch (IOException e) {
            throw new UncheckedIOException("Redis could not be started", e);
        }
    }

    /** For tests of one of the ways to run it; the system property decides otherwise. */
    RedisServerBuilder in(ServerMode mode) {
        this.mode = mode;
        return this;
    }

    private String scheme() {
        return tls == null ? "redis" : "rediss";
    }

    private String userInfo() {
        return password == null
                ? ""
                : ":" + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20") + "@";
    }
}
