// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link ZooKeeperServer}. Confined to one thread. */
public final class ZooKeeperServerBuilder {
    static final Duration TICK = Duration.ofMillis(100);
    static final Duration CONTAINER_CHECK = Duration.ofMinutes(1);

    private final List<String> settings = new ArrayList<>();
    private Duration tick = TICK;
    private Duration containerCheck = CONTAINER_CHECK;
    private @Nullable Integer port;
    private @Nullable ServerMode mode;

    ZooKeeperServerBuilder() {}

    /**
     * Sets the server's unit of time, 100 ms unless set. The shortest session has two of them, and a session ends up to
     * one of them late.
     *
     * @param tick whole milliseconds
     * @return this
     */
    public ZooKeeperServerBuilder tick(Duration tick) {
        this.tick = tick;
        return this;
    }

    /**
     * Sets how often the server looks for containers that have become empty, a minute unless set.
     *
     * @param interval whole milliseconds
     * @return this
     */
    public ZooKeeperServerBuilder containerCheck(Duration interval) {
        this.containerCheck = interval;
        return this;
    }

    /**
     * Adds a line to the server's configuration file.
     *
     * @param line such as {@code maxClientCnxns=10}, without spaces
     * @return this
     */
    public ZooKeeperServerBuilder setting(String line) {
        settings.add(line);
        return this;
    }

    /**
     * Chooses the port, which must be free; one is found otherwise.
     *
     * @param port from 1 to 65535
     * @return this
     */
    public ZooKeeperServerBuilder port(int port) {
        this.port = port;
        return this;
    }

    /**
     * Starts the server.
     *
     * @return ready to be used
     * @throws IllegalStateException if it does not start; the message has the end of its log, or says that Docker was
     *     asked for and does not answer
     * @throws IllegalArgumentException if the system property {@code lock.tck.servers} is neither process nor docker
     */
    public ZooKeeperServer start() {
        try {
            ServerMode where = mode == null ? ServerMode.chosen() : mode;
            var recipe = new ZooKeeperRecipe(tick, containerCheck, settings, OptionalInt.empty());
            return new ZooKeeperServer(ManagedServer.start(recipe, where, port));
        } catch (IOException e) {
            throw new UncheckedIOException("ZooKeeper could not be started", e);
        }
    }

    /** For tests of one of the ways to run it; the system property decides otherwise. */
    ZooKeeperServerBuilder in(ServerMode mode) {
        this.mode = mode;
        return this;
    }
}
