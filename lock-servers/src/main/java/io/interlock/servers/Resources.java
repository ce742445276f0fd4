// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes what jars of the class path carry, to the disk. */
final class Resources {
    private Resources() {}

    /**
     * Unpacks a folder of one jar.
     *
     * @param folder ends with a slash
     * @param executables among its files
     */
    static void unpackFolder(String folder, Path target, List<String> executables) throws IOException {
        URL url = require(folder + executables.get(0), "it is a dependency of lock-servers for this platform");
        if (!(url.openConnection() instanceof JarURLConnection connection)) {
            throw new IOException(url + " is not in a jar");
        }
        try (var jar = new ZipFile(
                Path.of(java.net.URI.create(connection.getJarFileURL().toString()))
                        .toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
                    Path file = target.resolve(entry.getName().substring(folder.length()))
                            .normalize();
                    if (!file.startsWith(target)) {
                        throw new IOException("entry " + entry.getName() + " leads out of its folder");
                    }
                    Files.createDirectories(file.getParent());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
        for (String executable : executables) {
            Files.setPosixFilePermissions(target.resolve(executable), PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Copies one resource to a file. */
    static void unpackFile(String resource, Path target, String whereFrom) throws IOException {
        try (InputStream in = require(resource, whereFrom).openStream()) {
            Files.copy(in, target);
        }
    }

    private static URL require(String resource, String whereFrom) throws IOException {
        URL url = Resources.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IOException(resource + " is not on the class path; " + whereFrom);
        }
        return url;
    }
}
