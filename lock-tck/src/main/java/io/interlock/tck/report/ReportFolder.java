// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The files of a report. */
final class ReportFolder {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*");
    private static final String END = ".json";

    /** A lock on a file keeps other processes out, and throws if another thread of this one has it. */
    private static final ReentrantLock ONE_THREAD = new ReentrantLock();

    private final Path dir;
    private final Path partsDir;

    ReportFolder(Path dir) {
        this.dir = dir;
        this.partsDir = dir.resolve("backends");
    }

    /** Runs a change while no other thread or process makes one. */
    Path alone(Change change) throws IOException {
        Files.createDirectories(partsDir);
        ONE_THREAD.lock();
        try (var file = FileChannel.open(dir.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = file.lock()) {
            assert held.isValid();
            return change.make();
        } finally {
            ONE_THREAD.unlock();
        }
    }

    /**
     * {@return the parts that are there, in order of the backends' ids} Files are replaced as a whole, so one that can't
     * be read is not broken but of another version of the kit, and so of another build.
     */
    List<PartJson> parts() throws IOException {
        var parts = new ArrayList<PartJson>();
        for (Path file : files()) {
            Json.read(Files.readString(file)).ifPresent(parts::add);
        }
        parts.sort(Comparator.comparing(PartJson::backend));
        return parts;
    }

    void write(PartJson part) throws IOException {
        replace(file(part), Json.pretty(part));
    }

    /** Deletes all parts but these. */
    void retain(List<PartJson> parts) throws IOException {
        Set<Path> kept = parts.stream().map(this::file).collect(Collectors.toSet());
        for (Path file : files()) {
            if (!kept.contains(file)) {
                Files.delete(file);
            }
        }
    }

    /** {@return the page} */
    Path publish(ReportJson report) throws IOException {
        replace(dir.resolve("report.json"), Json.pretty(report));
        Path page = dir.resolve("report.html");
        replace(page, Page.of(report));
        return page;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(partsDir)) {
            return List.of();
        }
        try (var files = Files.list(partsDir)) {
            return files.filter(file -> file.toString().endsWith(END)).toList();
        }
    }

    private Path file(PartJson part) {
        if (!ID.matcher(part.backend()).matches()) {
            throw new IllegalArgumentException(
                    "backend '" + part.backend() + "': an id is made of letters, digits, dots and dashes");
        }
        return partsDir.resolve(part.backend() + END);
    }

    /** Whoever reads the file meanwhile sees the old text or the new one, nothing in between. */
    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What is done to the folder. */
    interface Change {
        Path make() throws IOException;
    }
}
