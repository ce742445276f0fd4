// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Ends servers whose JVM was killed before it could end them. */
final class StaleServers {
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private StaleServers() {}

    /** Ends the orphaned servers of all folders in {@code run}, and removes the folders; skips what it can't read. */
    static void sweep(Path run) throws IOException {
        try (var folders = Files.newDirectoryStream(run, Files::isDirectory)) {
            for (Path folder : folders) {
                sweepOne(folder);
            }
        }
    }

    private static void sweepOne(Path folder) {
        try {
            if (RunFolder.isOrphaned(folder)) {
                end(folder);
            }
        } catch (IOException | UncheckedIOException broken) {
            // left for the next sweep, without a word: it must not keep a new server from its start
        }
    }

    private static void end(Path folder) throws IOException {
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            if (RunFolder.isServerOf(folder, process)) {
                process.destroyForcibly();
                if (!hasEnded(folder, process)) {
                    // stuck in the kernel; the folder stays for the next sweep
                    return;
                }
            }
        }
        RunFolder.delete(folder);
    }

    /** Not {@link ProcessHandle#onExit}: in a container whose first process reaps nobody, a dead orphan never exits. */
    private static boolean hasEnded(Path folder, ProcessHandle process) throws IOException {
        long start = System.nanoTime();
        while (RunFolder.isServerOf(folder, process)) {
            if (System.nanoTime() - start > END_LIMIT.toNanos()) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while an orphaned server ended", e);
            }
        }
        return true;
    }
}
