// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.testcontainers.utility.LogUtils;

/** One run of a container, which may run again later. Thread-safe. */
final class ContainerRun implements ServerRun {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final int STOP_SECONDS = 5;

    private final DockerClient client;
    private final String container;
    private final int logStart;
    private final UnaryOperator<String> telling;
    /** Docker refuses to pause twice and to resume what is not paused: looking and acting must be one. */
    private final ReentrantLock actions = new ReentrantLock();

    /**
     * A run.
     *
     * @param logStart how much log there was before it; Docker goes on with the same one
     * @param telling makes what the server tells of itself out of the log
     */
    ContainerRun(DockerClient client, String container, int logStart, UnaryOperator<String> telling) {
        this.client = client;
        this.container = container;
        this.logStart = logStart;
        this.telling = telling;
    }

    @Override
    public long pid() {
        throw new UnsupportedOperationException(
                "a server in a container has no process id that holds on this machine: where Docker runs in a virtual"
                        + " machine, another process has that number here");
    }

    @Override
    public boolean isAlive() {
        return state().map(ContainerState::getRunning).orElse(false);
    }

    private boolean isPaused() {
        return state().map(ContainerState::getPaused).orElse(false);
    }

    private Optional<ContainerState> state() {
        try {
            return Optional.of(client.inspectContainerCmd(container).exec().getState());
        } catch (NotFoundException removed) {
            return Optional.empty();
        }
    }

    /**
     * Waits until the server tells that it is ready.
     *
     * @return whether it is ready; if not, it has ended
     * @throws IllegalStateException if the server neither gets ready nor ends in time
     */
    boolean awaitReady(Pattern logged) {
        if (!await(() -> logged.matcher(told()).find() || !isAlive(), START_LIMIT)) {
            kill();
            throw new IllegalStateException(
                    "container did not get ready within " + START_LIMIT + ":\n" + StartFailure.tail(log()));
        }
        return isAlive();
    }

    @Override
    public void pause() {
        exclusively(() -> {
            requireAlive("pause");
            if (!isPaused()) {
                client.pauseContainerCmd(container).exec();
            }
        });
    }

    @Override
    public void resume() {
        exclusively(() -> {
            requireAlive("resume");
            if (isPaused()) {
                client.unpauseContainerCmd(container).exec();
            }
        });
    }

    @Override
    public void stop() {
        exclusively(() -> {
            if (isAlive()) {
                // Docker resumes a paused one
                client.stopContainerCmd(container).withTimeout(STOP_SECONDS).exec();
                requireEnd();
            }
        });
    }

    @Override
    public void kill() {
        exclusively(() -> {
            try {
                client.killContainerCmd(container).exec();
            } catch (ConflictException | NotFoundException ended) {
                // what was wanted
            }
            requireEnd();
        });
    }

    private void requireEnd() {
        if (!await(() -> !isAlive(), END_LIMIT)) {
            throw new IllegalStateException("container " + container + " did not end");
        }
    }

    private void requireAlive(String action) {
        if (!isAlive()) {
            throw new IllegalStateException(
                    "container " + container + " has ended: no " + action + "; restart the server first");
        }
    }

    @Override
    public String log() {
        String all = log(client, container);
        return all.substring(Math.min(logStart, all.length()));
    }

    @Override
    public String told() {
        return telling.apply(log());
    }

    /** {@return what was printed in all runs} */
    static String log(DockerClient client, String container) {
        return LogUtils.getOutput(client, container);
    }

    private boolean await(BooleanSupplier condition, Duration limit) {
        try {
            return Waiting.until(condition, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; container " + container + " is ended when it is closed", e);
        }
    }

    private void exclusively(Runnable action) {
        actions.lock();
        try {
            action.run();
        } finally {
            actions.unlock();
        }
    }
}
