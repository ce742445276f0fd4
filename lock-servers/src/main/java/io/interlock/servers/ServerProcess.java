// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** One run of a server's executable. Thread-safe. */
final class ServerProcess implements ServerRun {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts an executable in a folder; what it prints goes to a file there.
     *
     * @param command an argument must name a file of the folder, so that a sweep knows the process again
     */
    static ServerProcess start(List<String> command, RunFolder folder) throws IOException {
        folder.willRun(Path.of(command.get(0)));
        Path log = folder.path().resolve("server.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ServerProcess(process, log);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the log says that the server is ready. The log, rather than a connection, because another server may
     * answer on the port.
     *
     * @return whether it is ready; if not, it has ended
     * @throws IllegalStateException if the server neither gets ready nor ends in time
     */
    boolean awaitReady(Pattern logged) {
        if (!await(() -> logged.matcher(log()).find() || !process.isAlive(), START_LIMIT)) {
            kill();
            throw new IllegalStateException(
                    "server did not get ready within " + START_LIMIT + ":\n" + StartFailure.tail(log()));
        }
        return process.isAlive();
    }

    @Override
    public String log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(log not readable: " + e.getMessage() + ")";
        }
    }

    @Override
    public String told() {
        return log();
    }

    @Override
    public void pause() {
        signal("STOP");
        if (!await(() -> Signals.isStopped(process.pid()), END_LIMIT)) {
            throw new IllegalStateException("server, pid " + process.pid() + ", did not stop");
        }
    }

    @Override
    public void resume() {
        signal("CONT");
    }

    /** The pid of a process that has ended may be another one's by now. */
    private void signal(String signal) {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "server, pid " + process.pid() + ", has ended: " + signal + " was not sent; restart it first");
        }
        Signals.send(signal, process.pid());
    }

    @Override
    public void stop() {
        if (process.isAlive()) {
            resume();
            process.destroy();
            if (!await(() -> !process.isAlive(), END_LIMIT)) {
                kill();
            }
        }
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        if (!await(() -> !process.isAlive(), END_LIMIT)) {
            throw new IllegalStateException("server, pid " + process.pid() + ", did not end");
        }
    }

    private boolean await(BooleanSupplier condition, Duration limit) {
        try {
            return Waiting.until(condition, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted; the server, pid " + process.pid() + ", was ended", e);
        }
    }
}
