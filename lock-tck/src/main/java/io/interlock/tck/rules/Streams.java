// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a family of threads prints while it does something. Everything is printed all the same. What comes by way of a
 * logging framework is the application's choice and counts as log.
 */
final class Streams {
    /** The two streams are one for the JVM: who replaces them must be alone. */
    private static final ReentrantLock REPLACED = new ReentrantLock();

    private final Family family;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    Streams(Family family) {
        this.family = family;
    }

    /** Does something in the family while its output is looked at. */
    @StreamsAllowed
    <T> T watch(Callable<T> body) throws Exception {
        REPLACED.lock();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try {
            System.setOut(watching(out));
            System.setErr(watching(err));
            return family.call(body);
        } finally {
            System.setOut(out);
            System.setErr(err);
            REPLACED.unlock();
        }
    }

    /** What was printed, but not by a logging framework. */
    String printed() {
        return text(printed);
    }

    /** What logging frameworks printed. */
    String logged() {
        return text(logged);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private PrintStream watching(PrintStream original) {
        return new PrintStream(new Copy(original), true, StandardCharsets.UTF_8);
    }

    private final class Copy extends OutputStream {
        private final PrintStream original;

        Copy(PrintStream original) {
            this.original = original;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (family.isHere()) {
                (isLogging() ? logged : printed).write(bytes, offset, length);
            }
            original.write(bytes, offset, length);
        }

        @Override
        public void flush() {
            original.flush();
        }
    }

    private static boolean isLogging() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .anyMatch(name -> name.startsWith("org.slf4j.")
                                || name.startsWith("ch.qos.logback.")
                                || name.startsWith("org.apache.logging.")
                                || name.startsWith("java.util.logging.")
                                || name.startsWith("jdk.internal.logger.")));
    }
}
