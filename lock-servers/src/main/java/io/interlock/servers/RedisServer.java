// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A real Redis on the loopback address, in a process and a temp folder of its own. Thread-safe.
 *
 * <p>Ready when {@link #start} returns. Saves nothing unless a setting says so, and takes its folder along when it is
 * closed. An exit of the JVM closes it too; one that was orphaned by a killed JVM is ended by the next start.
 */
public final class RedisServer implements AutoCloseable {
    private static final int PORT_ATTEMPTS = 10;

    private final RedisServerBuilder settings;
    private final Path executable;
    private final RunFolder folder;
    private final Thread atExit = new Thread(this::close, "redis-server-close");
    private final ReentrantLock transition = new ReentrantLock();
    private int port; // written by the constructor only
    private volatile ServerProcess process;
    private boolean closed; // guarded by transition

    RedisServer(RedisServerBuilder settings) throws IOException {
        this.settings = settings;
        var home = ServerHome.ofUser();
        executable = home.executable(RedisBinary.resource());
        folder = home.newRun("redis");
        try {
            process = launchOnFreePort();
        } catch (IOException | RuntimeException e) {
            Interruption.aside(folder::close);
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** {@return a running server with the default settings} */
    public static RedisServer start() {
        return builder().start();
    }

    /** {@return a builder of a server with settings of your own} */
    public static RedisServerBuilder builder() {
        return new RedisServerBuilder();
    }

    /** {@return the loopback address, the only one it listens on} */
    public String host() {
        return "127.0.0.1";
    }

    /** {@return the port, which stays the same over restarts} */
    public int port() {
        return port;
    }

    /** {@return {@code redis://127.0.0.1:port}, or {@code rediss:} with TLS, with the password if there is one} */
    public String uri() {
        return settings.scheme() + "://" + settings.userInfo() + host() + ":" + port;
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

    /** {@return the process id; another one after a restart} */
    public long pid() {
        return process.pid();
    }

    /** {@return whether the process is there; a paused one is} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Makes the process stand still with its connections open; commands sent meanwhile are carried out on resume.
     *
     * @throws IllegalStateException if the process has ended
     */
    public void pause() {
        process.pause();
    }

    /**
     * Lets a paused process go on.
     *
     * @throws IllegalStateException if the process has ended
     */
    public void resume() {
        process.resume();
    }

    /** Ends the process as a crash does; nothing is saved. {@link #restart} brings it back. */
    public void kill() {
        process.kill();
    }

    /** Starts the server anew on the same port and folder; one that still runs is asked to end first. */
    public void restart() {
        transition.lock();
        try {
            if (closed) {
                throw new IllegalStateException("server is closed");
            }
            process.stop();
            process = launch();
            if (!process.isAlive()) {
                throw new IllegalStateException("Redis did not start again:\n" + process.logTail());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Redis could not be started again", e);
        } finally {
            transition.unlock();
        }
    }

    /** Ends the process and removes its folder, on an interrupted thread too. Idempotent. */
    @Override
    public void close() {
        transition.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            // aside each, not once around both: the interruption may come while the process ends
            try {
                Interruption.aside(process::kill);
            } finally {
                forgetExitHook();
                Interruption.aside(folder::close);
            }
        } finally {
            transition.unlock();
        }
    }

    Path folder() {
        return folder.path();
    }

    private void forgetExitHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyExiting) {
            // the hook runs, or waits for us: it finds the server closed
        }
    }

    private ServerProcess launchOnFreePort() throws IOException {
        Integer wanted = settings.port();
        for (int attempt = 1; ; attempt++) {
            port = wanted == null ? FreePort.find() : wanted;
            ServerProcess launched = launch();
            if (launched.isAlive()) {
                return launched;
            }
            // somebody was quicker on the port
            boolean another = wanted == null && launched.logHas("in use") && attempt < PORT_ATTEMPTS;
            if (!another) {
                throw new IllegalStateException("Redis did not start on port " + port + ":\n" + launched.logTail());
            }
        }
    }

    private ServerProcess launch() throws IOException {
        Path config = folder.path().resolve("redis.conf");
        Files.write(config, settings.configLines(port, folder.path()));
        ServerProcess launched = ServerProcess.start(List.of(executable.toString(), config.toString()), folder);
        launched.awaitReady("Ready to accept connections");
        return launched;
    }
}
