// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;

/**
 * The folder of one server: its data, its log, and a file that is locked for as long as the JVM that owns it lives.
 *
 * <p>The lock, rather than a recorded pid, tells owners that are gone: the system frees it whatever ends the JVM, and it
 * can't be confused by a pid that is used again.
 */
final class RunFolder implements AutoCloseable {
    private static final String OWNER = "owner.lock";
    private static final String EXECUTABLE = "executable";

    private final ServerHome home;
    private final Path path;
    private final FileChannel owner;

    private RunFolder(ServerHome home, Path path, FileChannel owner) {
        this.home = home;
        this.path = path;
        this.owner = owner;
    }

    /** Makes the folder; to be called where no sweep runs meanwhile. */
    static RunFolder create(ServerHome home, String kind) throws IOException {
        Path path = Files.createTempDirectory(
                home.run(), kind + "-" + ProcessHandle.current().pid() + "-");
        var owner = FileChannel.open(path.resolve(OWNER), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        owner.lock();
        return new RunFolder(home, path, owner);
    }

    Path path() {
        return path;
    }

    /** Notes what is about to be run here, so that a sweep knows it again. */
    void willRun(Path executable) throws IOException {
        Files.writeString(path.resolve(EXECUTABLE), executable.toRealPath().toString());
    }

    /** Removes the folder; whatever ran in it has ended. */
    @Override
    public void close() {
        try {
            // or a sweep might find a folder without an owner in the midst of its removal
            home.exclusively(() -> {
                owner.close();
                delete(path);
                return path;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("folder " + path + " of a server could not be removed", e);
        }
    }

    /** {@return whether the JVM that made the folder is gone} */
    static boolean isOrphaned(Path folder) throws IOException {
        if (folder.getFileName()
                .toString()
                .contains("-" + ProcessHandle.current().pid() + "-")) {
            // ours; and to open and close the file would free our own lock on some systems
            return false;
        }
        try (var channel = FileChannel.open(folder.resolve(OWNER), StandardOpenOption.WRITE);
                var free = channel.tryLock()) {
            return free != null;
        } catch (NoSuchFileException killedBeforeItsFirstFile) {
            return true;
        }
    }

    /** {@return whether a process is the server of the folder: the executable noted, with a file of the folder in its arguments} */
    static boolean isServerOf(Path folder, ProcessHandle process) throws IOException {
        Path noted = folder.resolve(EXECUTABLE);
        return Files.exists(noted)
                && process.info()
                        .command()
                        .filter(Files.readString(noted)::equals)
                        .isPresent()
                && process.info()
                        .commandLine()
                        .filter(line -> line.contains(folder.toString()))
                        .isPresent();
    }

    /** Removes what the server has written; it has ended. */
    void wipe() throws IOException {
        try (var children = Files.newDirectoryStream(
                path,
                child ->
                        !List.of(OWNER, EXECUTABLE).contains(child.getFileName().toString()))) {
            for (Path child : children) {
                delete(child);
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
