// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.locks.ReentrantLock;

/**
 * This user's folder for servers, shared by all JVMs: {@code bin} has the unpacked executables, {@code run} one folder
 * for each running server. Thread-safe.
 */
final class ServerHome {
    /** Locks on files exclude other JVMs only; this excludes the other threads of this one. */
    private static final ReentrantLock THIS_JVM = new ReentrantLock();

    private final Path base;

    private ServerHome(Path base) {
        this.base = base;
    }

    /** {@return the folder below the temp folder, made if it is not there} */
    static ServerHome ofUser() throws IOException {
        String user = System.getProperty("user.name", "unknown").replaceAll("[^A-Za-z0-9._-]", "_");
        return at(Path.of(System.getProperty("java.io.tmpdir"), "interlock-servers-" + user));
    }

    static ServerHome at(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            makePrivate(folder);
        }
        // real, because processes are recognised by the paths in their command lines
        var home = new ServerHome(folder.toRealPath());
        Files.createDirectories(home.run());
        Files.createDirectories(home.base.resolve("bin"));
        return home;
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(folder.toAbsolutePath().getParent());
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (java.nio.file.FileAlreadyExistsException madeMeanwhile) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw madeMeanwhile;
            }
        }
    }

    /** {@return where the folders of running servers are} */
    Path run() {
        return base.resolve("run");
    }

    /**
     * Makes a folder for a new server, after sweeping up what killed JVMs left behind.
     *
     * @param kind the first part of the folder's name
     */
    RunFolder newRun(String kind) throws IOException {
        return exclusively(() -> {
            StaleServers.sweep(run());
            var folder = RunFolder.create(this, kind);
            refuseForeign(folder.path());
            return folder;
        });
    }

    /** Unpacks an executable from the class path, unless it is there already. */
    Path executable(String resource) throws IOException {
        return exclusively(() -> {
            Path target = base.resolve("bin").resolve(resource);
            if (!Files.isExecutable(target)) {
                unpack(resource, target);
            }
            return target;
        });
    }

    /**
     * Makes a folder with files for all JVMs, unless it is there already.
     *
     * @param name with a version, since what was once made is never made anew
     */
    Path shared(String name, Filler filler) throws IOException {
        return exclusively(() -> {
            Path target = base.resolve("bin").resolve(name);
            if (!Files.isDirectory(target)) {
                // under another name first: a JVM that is killed meanwhile must not leave half of it
                Path partial = target.resolveSibling(name + ".partial");
                if (Files.exists(partial)) {
                    RunFolder.delete(partial);
                }
                filler.fill(Files.createDirectory(partial));
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            }
            return target;
        });
    }

    private static void unpack(String resource, Path target) throws IOException {
        // under another name first: a JVM that is killed while it copies must not leave half an executable
        Path partial = target.resolveSibling(resource + ".partial");
        try (InputStream in = ServerHome.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("executable " + resource + " is not on the class path");
            }
            Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwx------"));
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The temp folder is everybody's: an executable from a folder that another user made there must not be run. */
    private void refuseForeign(Path ours) throws IOException {
        if (!Files.getOwner(base).equals(Files.getOwner(ours))) {
            throw new IOException(base + " belongs to " + Files.getOwner(base) + "; remove it or set java.io.tmpdir");
        }
    }

    /** Does something while no other thread or JVM is in here. */
    <T> T exclusively(Work<T> work) throws IOException {
        THIS_JVM.lock();
        try (var channel = FileChannel.open(
                        base.resolve("guard.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var guard = channel.lock()) {
            return work.run();
        } finally {
            THIS_JVM.unlock();
        }
    }

    /** What is done alone. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Puts files into an empty folder. */
    interface Filler {
        void fill(Path folder) throws IOException;
    }
}
