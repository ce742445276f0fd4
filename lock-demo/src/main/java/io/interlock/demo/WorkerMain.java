// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The entry of a worker process. Reads its order and the start signal from standard input, and writes {@code READY} and
 * then {@code DONE …} or {@code FAILED …} to standard output.
 */
final class WorkerMain {
    static final String READY = "READY";
    static final String GO = "GO";
    static final String DONE = "DONE ";
    static final String FAILED = "FAILED ";

    private WorkerMain() {}

    /**
     * Works and exits.
     *
     * @param args none
     */
    public static void main(String[] args) {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = System.out;
        try {
            var worker = new Worker(WorkerOrder.decode(line(in)));
            WorkerReport report = worker.work(() -> {
                out.println(READY);
                line(in);
                exitWithTheCoordinator(in);
            });
            out.println(DONE + report.encode());
            System.exit(0);
        } catch (IOException | InterruptedException | RuntimeException e) {
            out.println(FAILED + new Fields().with("message", message(e)).encode());
            System.exit(1);
        }
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("the coordinator is gone");
        }
        return line;
    }

    /** A coordinator that was killed can't end its workers; its end of the pipe closes in any case. */
    private static void exitWithTheCoordinator(BufferedReader in) {
        var watch = new Thread(() -> {
            try {
                while (in.readLine() != null) {
                    // nothing more is expected
                }
            } catch (IOException gone) {
                // as good as the end
            }
            Runtime.getRuntime().halt(1);
        });
        watch.setDaemon(true);
        watch.start();
    }

    private static String message(Throwable failure) {
        Throwable cause = failure instanceof IOException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
