// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import io.interlock.tck.run.BackendReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The report of a build: {@code report.json} for programs and {@code report.html} for people, made of one part a
 * backend. Thread-safe, also between processes: one of them writes at a time, and readers see whole files.
 *
 * <p>The tests of a build may run in several JVMs, one after the other or at once, so each writes its backend's part,
 * {@code backends/ID.json}, and makes the report anew of all parts that are there. A part that another build left behind
 * is deleted on that occasion; {@link BuildStart} tells which are.
 */
public final class Reports {
    private Reports() {}

    /**
     * Adds a backend to the report of this build, in place of what the report says of it.
     *
     * @param dir of the report; made if missing
     * @param runBy what ran the kit: the name of a test class, or that of a command
     * @param report on one backend
     * @return the page for people
     * @throws IllegalArgumentException if the backend's id is not made of letters, digits, dots and dashes
     * @throws IllegalStateException if something else ran the kit under the same id in this build
     * @throws IOException if a file can't be read or written
     */
    public static Path write(Path dir, String runBy, BackendReport report) throws IOException {
        return write(dir, runBy, report, BuildStart.of(report));
    }

    static Path write(Path dir, String runBy, BackendReport report, BuildStart start) throws IOException {
        var folder = new ReportFolder(dir);
        PartJson part = PartJson.of(runBy, report);
        return folder.alone(() -> {
            requireOwnId(part, dir, folder.parts().stream().filter(start::isBefore));
            folder.write(part);
            List<PartJson> parts =
                    folder.parts().stream().filter(start::isBefore).toList();
            folder.retain(parts);
            return folder.publish(ReportJson.of(parts));
        });
    }

    /** The report has one column an id, so the second test class with an id would take the place of the first. */
    private static void requireOwnId(PartJson part, Path dir, Stream<PartJson> others) {
        others.filter(other -> other.backend().equals(part.backend()))
                .filter(other -> !other.runBy().equals(part.runBy()))
                .forEach(other -> {
                    throw new IllegalStateException("backend id '" + part.backend() + "': " + other.runBy() + " and "
                            + part.runBy() + " both use it, and the report would show one of them; give each an id of"
                            + " its own, or delete " + dir + " if " + other.runBy() + " is no more");
                });
    }

    /**
     * Reads what a report says.
     *
     * @param dir of the report
     * @return the backends, in order of their ids; empty if there is no report
     * @throws IOException if a file can't be read
     */
    public static List<BackendReport> read(Path dir) throws IOException {
        return new ReportFolder(dir).parts().stream().map(PartJson::toReport).toList();
    }

    /**
     * Deletes the parts of former runs, for a program that knows that it begins a new one.
     *
     * @param dir of the report
     * @throws IOException if a file can't be deleted
     */
    public static void clear(Path dir) throws IOException {
        var folder = new ReportFolder(dir);
        folder.alone(() -> {
            folder.retain(List.of());
            return dir;
        });
    }
}
