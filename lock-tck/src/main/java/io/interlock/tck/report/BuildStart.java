// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import io.interlock.tck.run.BackendReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When the build began that this JVM belongs to, as near as can be told: parts of a report that ended before are not of
 * this build.
 *
 * <p>A build tool runs on Java and starts the JVMs of its tests, so the nearest Java process above this one is the
 * build. It may be a daemon or an IDE that has been up for weeks, or hidden: so nothing older than {@link #LONGEST}
 * counts either.
 *
 * @param instant wall-clock time
 */
record BuildStart(Instant instant) {
    /** More than the longest build with all backends takes, and less than from one day's work to the next. */
    static final Duration LONGEST = Duration.ofHours(8);

    static BuildStart of(BackendReport current) {
        return of(current, parentJvmStart(ProcessHandle.current()));
    }

    static BuildStart of(BackendReport current, Optional<Instant> parentJvm) {
        Instant earliest = current.started().minus(LONGEST);
        return new BuildStart(parentJvm.filter(earliest::isBefore).orElse(earliest));
    }

    boolean isBefore(PartJson part) {
        return !part.ended().isBefore(instant);
    }

    private static Optional<Instant> parentJvmStart(ProcessHandle process) {
        Optional<ProcessHandle> parent = process.parent();
        while (parent.isPresent()) {
            ProcessHandle.Info info = parent.get().info();
            if (info.command().filter(BuildStart::isJava).isPresent()) {
                return info.startInstant();
            }
            parent = parent.get().parent();
        }
        return Optional.empty();
    }

    private static boolean isJava(String command) {
        String file = String.valueOf(Path.of(command).getFileName());
        return file.equals("java") || file.equals("java.exe") || file.equals("javaw.exe");
    }
}
