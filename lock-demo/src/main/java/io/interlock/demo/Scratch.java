// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The temp files and worker processes of a comparison: gone when it ends, on Ctrl-C as well. Thread-safe. */
final class Scratch implements AutoCloseable {
    private final Path folder;
    private final Thread atExit = new Thread(this::clear);
    private final ReentrantLock lock = new ReentrantLock();
    private final List<WorkerProcess> workers = new ArrayList<>(); // guarded by lock
    private boolean cleared; // guarded by lock

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch create() throws IOException {
        var scratch = new Scratch(Files.createTempDirectory("interlock-demo-"));
        Runtime.getRuntime().addShutdownHook(scratch.atExit);
        return scratch;
    }

    Path newCounter() throws IOException {
        Path counter = Files.createTempFile(folder, "counter", ".bin");
        SharedCounter.create(counter);
        return counter;
    }

    WorkerProcess startWorker(WorkerOrder order) throws IOException {
        lock.lock();
        try {
            if (cleared) {
                throw new IllegalStateException("the comparison is being ended");
            }
            WorkerProcess worker = WorkerProcess.start(order, folder);
            workers.add(worker);
            return worker;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the workers that were started so far. */
    void endWorkers() {
        lock.lock();
        try {
            workers.forEach(WorkerProcess::close);
            workers.clear();
        } finally {
            lock.unlock();
        }
    }

    private void clear() {
        lock.lock();
        try {
            if (!cleared) {
                cleared = true;
                endWorkers();
                delete();
            }
        } finally {
            lock.unlock();
        }
    }

    private void delete() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("temp folder " + folder + " could not be removed", e);
        }
    }

    @Override
    public void close() {
        clear();
        if (!JvmExit.inProgress()) {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }
}
