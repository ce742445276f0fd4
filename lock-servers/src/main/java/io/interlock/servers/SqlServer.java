// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.nio.file.Path;

/**
 * A real MySQL or MariaDB on the loopback address, in a process and a temp folder of its own, or in a container.
 * Thread-safe. {@link MariaDbServer} and {@link MySqlServer} make one.
 *
 * <p>The system property {@code lock.tck.servers} says which: {@code process} (the default) or {@code docker}. Images are
 * {@code mariadb:10.11} and {@code mysql:8.0}, unless {@code lock.tck.image.mariadb} or {@code lock.tck.image.mysql} name
 * others.
 *
 * <p>Ready when it is handed out, with the empty database {@link #DATABASE} and two users, each with a password: one that
 * may do everything in this database, and one that may do everything. Root can't come in. What is committed survives
 * {@link #kill}; nothing would survive a crash of the machine, unless an option asks for it.
 */
public final class SqlServer implements AutoCloseable {
    /** The database that is there, empty, when a server has started. */
    public static final String DATABASE = "interlock";

    /** The user who may do everything in {@link #DATABASE}, and nothing else. */
    public static final String USER = "interlock";

    /** The password of {@link #USER}. */
    public static final String PASSWORD = "s3cret";

    /** The user who may do everything. */
    public static final String ADMIN = "admin";

    /** The password of {@link #ADMIN}. */
    public static final String ADMIN_PASSWORD = "adm1n";

    private final ManagedServer server;

    SqlServer(ManagedServer server) {
        this.server = server;
    }

    /** {@return what runs and where, for reports: {@code MariaDB 11.4.5, process}} */
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

    /** {@return {@code mysql://user:password@127.0.0.1:port/database}} */
    public String uri() {
        return "mysql://" + USER + ":" + PASSWORD + "@" + host() + ":" + port() + "/" + DATABASE;
    }

    /**
     * The URI with settings.
     *
     * @param query such as {@code variant=row&lease=5s}
     * @return the URI, a question mark, and the query
     */
    public String uri(String query) {
        return uri() + "?" + query;
    }

    /**
     * {@return the process id; another one after a restart}
     *
     * @throws UnsupportedOperationException in a container: its number may be another kernel's
     */
    public long pid() {
        return server.run().pid();
    }

    /** {@return whether the server is there; a paused one is} */
    public boolean isAlive() {
        return server.run().isAlive();
    }

    /**
     * Makes the server stand still with its connections open; statements sent meanwhile are carried out on resume.
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

    /** Ends the server as a crash does; {@link #restart} brings it back with all that was committed. */
    public void kill() {
        server.run().kill();
    }

    /** Starts the server anew on the same port and data; one that still runs is asked to end first. */
    public void restart() {
        server.restart();
    }

    /** Starts the server anew on the same port, as it was when it first started; one that still runs is ended first. */
    public void restartEmpty() {
        server.restartEmpty();
    }

    /** Ends the server and removes its data, on an interrupted thread too. Idempotent. */
    @Override
    public void close() {
        server.close();
    }

    Path folder() {
        return server.folder();
    }
}
