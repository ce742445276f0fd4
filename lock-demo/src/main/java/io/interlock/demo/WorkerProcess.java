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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

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
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WorkerMain.class.getName()));
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        var worker = new WorkerProcess(order.worker(), process, log);
        worker.readLines();
        worker.send(order.encode());
        return worker;
    }

    void awaitReady(Duration limit) throws WorkerFailure, InterruptedException {
        awaitLine(WorkerMain.READY, limit);
    }

    void go() {
        send(WorkerMain.GO);
    }

    WorkerReport awaitReport(Duration limit) throws WorkerFailure, InterruptedException {
        return WorkerReport.decode(awaitLine(WorkerMain.DONE, limit));
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

    private String awaitLine(String prefix, Duration limit) throws WorkerFailure, InterruptedException {
        while (true) {
            String line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new WorkerFailure("worker " + number + " did not answer within " + limit.toSeconds() + " s");
            }
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length());
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
            // awaitLine finds the end, and perhaps what the worker said before
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
