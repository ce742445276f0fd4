// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis on the loopback address, in a process and a temp folder of its own, or in a container. Thread-safe.
 *
 * <p>The system property {@code lock.tck.servers} says which: {@code process} (the default) or {@code docker}. The
 * container's image is {@code redis:7} unless the system property {@code lock.tck.image.redis} names another one.
 *
 * <p>Ready when {@link #start} returns. Saves nothing unless a setting says so, and takes its data along when it is
 * closed. An exit of the JVM closes it too; one that was orphaned by a killed JVM is ended by the next start of its kind.
 */
public final class RedisServer implements AutoCloseable {
    private final ManagedServer server;
    private final String uriStart;
    private final @Nullable String password;

    RedisServer(ManagedServer server, String uriStart) {
        this(server, uriStart, null);
    }

    RedisServer(ManagedServer server, String uriStart, @Nullable String password) {
        this.server = server;
        this.uriStart = uriStart;
        this.password = password;
    }

    /** {@return a running server with the default settings} */
    public static RedisServer start() {
        return builder().start();
    }

    /** {@return a builder of a server with settings of your own} */
    public static RedisServerBuilder builder() {
        return new RedisServerBuilder();
    }

    /** {@return what runs and where, for reports: {@code Redis 7.0.15, process} or {@code Redis 7.4.2, container redis:7}} */
    public String description() {
        return server.description();
    }

    /** {@return the loopback address, the only one it is reached on} */
    public String host() {
        return "127.0.0.1";
    }

    /** {@return the port, which stays the same over restarts} */
    public int port() {
        return server.port();
    }

    /** {@return {@code redis://127.0.0.1:port}, or {@code rediss:} with TLS, with the password if there is one} */
    public String uri() {
        return uriStart + host() + ":" + port();
    }

    /**
     * The URI with settings.
     *
     * @param query such as {@code variant=lua&lease=5s}
     * @return the URI, a question mark, and the query
     */
    public String uri(String query) {
        return uri() + "?" + query;
    }

    /**
     * {@return the process id; another one after a restart}
     *
     * @throws UnsupportedOperationException in a container: its number may be another kernel's, where Docker runs in a
     *     virtual machine, and belong to a stranger on this one
     */
    public long pid() {
        return server.run().pid();
    }

    /** {@return whether the server is there; a paused one is} */
    public boolean isAlive() {
        return server.run().isAlive();
    }

    /**
     * Makes the server stand still with its connections open; commands sent meanwhile are carried out on resume.
     *
     * @throws IllegalStateException if the server has ended
     */
    public void pause() {
        server.run().pause();
    }

    /**
     * Lets a paused server go on; one that is not paused is left as it is.
     *
     * @throws IllegalStateException if the server has ended
     */
    public void resume() {
        server.run().resume();
    }

    /** Ends the server as a crash does; nothing is saved. {@link #restart} brings it back. */
    public void kill() {
        server.run().kill();
    }

    /** Starts the server anew on the same port and data; one that still runs is asked to end first. */
    public void restart() {
        server.restart();
    }

    /** Ends the server and removes its data, on an interrupted thread too. Idempotent. */
    @Override
    public void close() {
        server.close();
    }

    @Nullable
    String password() {
        return password;
    }

    Path folder() {
        return server.folder();
    }
}
