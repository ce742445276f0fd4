// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The coordinator's end of a worker. Confined to one thread, except {@link #close}. */
final class WorkerProcess implements AutoCloseable {
    private static final String END = "END";

    private final int number;
    private final Process process;
    private final Path log;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private WorkerProcess(int number, Process process, Path log) {
        this.number = number;
        this.process = process;
        this.log = log;
    }

    /** Starts this program's worker entry in another JVM, and tells it what to do. */
    static WorkerProcess start(WorkerOrder order, Path folder) throws IOException {
        Path log = Files.createTempFile(folder, "worker", ".log");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // several JVMs share few cores: one collector thread, the quick compiler, a small heap
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m"));
        command.addAll(LogDetail.jvmArguments());
        command.add(WorkerMain.class.getName());
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        // not in the command line, which process lists cut off before they come to the class
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        var worker = new WorkerProcess(order.worker(), process, log);
        worker.readLines();
        worker.send(order.encode());
        return worker;
    }

    void go() {
        send(WorkerMain.GO);
    }

    /** {@return whether it has said something, or ended, since it became ready} */
    boolean hasNews() {
        return !lines.isEmpty();
    }

    /** {@return what it wrote to standard error} */
    List<String> said() throws IOException {
        return new String(Files.readAllBytes(log), Charset.defaultCharset())
                .lines()
                .map(line -> "worker " + number + ": " + line)
                .toList();
    }

    /**
     * What follows a word that it was to say, if it has said it by now.
     *
     * @throws WorkerFailure if it said that it failed, or ended
     */
    Optional<String> answer(String prefix) throws WorkerFailure, InterruptedException {
        for (String line = lines.poll(); line != null; line = lines.poll()) {
            if (line.startsWith(prefix)) {
                return Optional.of(line.substring(prefix.length()));
            }
            if (line.startsWith(WorkerMain.FAILED)) {
                String message = Fields.decode(line.substring(WorkerMain.FAILED.length()))
                        .text("message");
                throw new WorkerFailure("worker " + number + ": " + message);
            }
            if (line.equals(END)) {
                throw new WorkerFailure("worker " + number + " ended without a result, exit code " + process.waitFor());
            }
        }
        return Optional.empty();
    }

    WorkerFailure silentFor(Duration limit) {
        return new WorkerFailure("worker " + number + " did not answer within " + limit.toSeconds() + " s");
    }

    private void readLines() {
        var reader = new Thread(() -> {
            try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                }
            } catch (IOException ended) {
                // the end, as below
            } finally {
                lines.add(END);
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private void send(String line) {
        try {
            BufferedWriter out = process.outputWriter(StandardCharsets.UTF_8);
            out.write(line);
            out.newLine();
            out.flush();
        } catch (IOException ended) {
            // answer finds the end, and perhaps what the worker said before
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
