// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A server of any kind, wherever it runs: started on a port that it keeps, ended by {@link #close} or with the JVM.
 * Thread-safe.
 */
final class ManagedServer implements AutoCloseable {
    private static final int PORT_ATTEMPTS = 10;

    private final ServerRecipe recipe;
    private final ServerPlace place;
    private final Thread atExit = new Thread(this::close, "server-close");
    private final ReentrantLock transition = new ReentrantLock();
    private final int port;
    private final String version;
    private volatile ServerRun run;
    private boolean closed; // guarded by transition

    private ManagedServer(ServerRecipe recipe, ServerPlace place, int port, ServerRun run) {
        this.recipe = recipe;
        this.place = place;
        this.port = port;
        this.run = run;
        // once: the log of a later run may have scrolled by
        this.version = versionIn(run.told());
    }

    /**
     * Starts a server.
     *
     * @param wanted the port; null for a free one
     */
    static ManagedServer start(ServerRecipe recipe, ServerMode mode, @Nullable Integer wanted) throws IOException {
        ServerPlace place = mode == ServerMode.PROCESS ? ProcessPlace.open(recipe) : Containers.open(recipe);
        ManagedServer server;
        try {
            server = launch(recipe, place, wanted);
        } catch (IOException | RuntimeException e) {
            Interruption.aside(place::close);
            throw e;
        }
        try {
            Runtime.getRuntime().addShutdownHook(server.atExit);
        } catch (IllegalStateException exiting) {
            server.close();
            throw exiting;
        }
        return server;
    }

    private static ManagedServer launch(ServerRecipe recipe, ServerPlace place, @Nullable Integer wanted)
            throws IOException {
        if (wanted != null) {
            return new ManagedServer(recipe, place, wanted, place.launch(wanted));
        }
        for (int attempt = 1; ; attempt++) {
            int port = FreePort.find();
            try {
                return new ManagedServer(recipe, place, port, place.launch(port));
            } catch (PortTakenException e) {
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private String versionIn(String told) {
        Matcher found = recipe.version().matcher(told);
        return found.find() ? found.group(1) : "of unknown version";
    }

    /** {@return for reports, such as {@code Redis 7.0.15, process}} */
    String description() {
        return recipe.name() + " " + version + ", " + place.label();
    }

    int port() {
        return port;
    }

    ServerRun run() {
        return run;
    }

    Path folder() {
        return place.folder();
    }

    /** Starts the server anew on the same port with the same data; one that still runs is asked to end first. */
    void restart() {
        restart(() -> {});
    }

    /** Starts the server anew on the same port without any data; one that still runs is ended first. */
    void restartEmpty() {
        restart(place::wipe);
    }

    private void restart(Preparation preparation) {
        transition.lock();
        try {
            if (closed) {
                throw new IllegalStateException("server is closed");
            }
            run.stop();
            preparation.run();
            run = place.launch(port);
        } catch (IOException e) {
            throw new UncheckedIOException(recipe.name() + " could not be started again", e);
        } finally {
            transition.unlock();
        }
    }

    /** Ends the server and removes what it left, on an interrupted thread too. Idempotent. */
    @Override
    public void close() {
        transition.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            // aside each, not once around both: the interruption may come while the server ends
            try {
                Interruption.aside(run::kill);
            } finally {
                forgetExitHook();
                Interruption.aside(place::close);
            }
        } finally {
            transition.unlock();
        }
    }

    private void forgetExitHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyExiting) {
            // the hook runs, or waits for us: it finds the server closed
        }
    }

    /** What is done between two runs. */
    private interface Preparation {
        void run() throws IOException;
    }
}
