// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A real ZooKeeper on the loopback address, in a JVM and a temp folder of its own, or in a container. Thread-safe.
 *
 * <p>The system property {@code lock.tck.servers} says which: {@code process} (the default) or {@code docker}. The
 * container's image is {@code zookeeper:3.9} unless the system property {@code lock.tck.image.zookeeper} names another
 * one; an image that is not the official one may have times of its own.
 *
 * <p>Ready when {@link #start} returns. Takes its data along when it is closed. An exit of the JVM closes it too; one that
 * was orphaned by a killed JVM is ended by the next start of its kind.
 */
public final class ZooKeeperServer implements AutoCloseable {
    private final ManagedServer server;

    ZooKeeperServer(ManagedServer server) {
        this.server = server;
    }

    /** {@return a running server with the default settings} */
    public static ZooKeeperServer start() {
        return builder().start();
    }

    /** {@return a builder of a server with settings of your own} */
    public static ZooKeeperServerBuilder builder() {
        return new ZooKeeperServerBuilder();
    }

    /** {@return what runs and where, for reports: {@code ZooKeeper 3.9.5, process}} */
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

    /** {@return {@code 127.0.0.1:port}, as ZooKeeper's clients want it} */
    public String address() {
        return host() + ":" + port();
    }

    /** {@return {@code zookeeper://127.0.0.1:port}} */
    public String uri() {
        return "zookeeper://" + address();
    }

    /**
     * The URI with settings.
     *
     * @param query such as {@code session=2s}
     * @return the URI, a question mark, and the query
     */
    public String uri(String query) {
        return uri() + "?" + query;
    }

    /**
     * Asks one of ZooKeeper's four-letter words, on a connection of its own.
     *
     * @param word such as {@code mntr}, {@code wchp} or {@code cons}
     * @return the answer
     * @throws UncheckedIOException if the server does not answer within two seconds
     */
    public String ask(String word) {
        try {
            return FourLetterWords.ask(port(), word);
        } catch (IOException e) {
            throw new UncheckedIOException("ZooKeeper on port " + port() + " did not answer " + word, e);
        }
    }

    /**
     * One of the server's own counters.
     *
     * @param name as the word {@code mntr} tells it, such as {@code zk_packets_received}; the question itself is counted
     * @return its value
     * @throws IllegalArgumentException if the server has no such number
     */
    public long counter(String name) {
        return ask("mntr")
                .lines()
                .filter(line -> line.startsWith(name + "\t"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("ZooKeeper has no counter " + name));
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
     * Makes the server stand still with its connections open; requests sent meanwhile are carried out on resume.
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

    /** Ends the server as a crash does. {@link #restart} brings it back with all that it has confirmed. */
    public void kill() {
        server.run().kill();
    }

    /** Starts the server anew on the same port and data; one that still runs is asked to end first. */
    public void restart() {
        server.restart();
    }

    /** Starts the server anew on the same port without any data; one that still runs is asked to end first. */
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
