// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * MySQL 8 unpacked, with data to copy for each server; both are made once on a machine.
 *
 * @param base the folder with bin and share
 * @param data as of a server that has just been installed
 */
record MySqlInstallation(Path base, Path data) {
    private static final String VERSION = "mysql-8.0.15";
    private static final String ARCHIVE = "mysql-Linux-amd64.tar.gz";

    static MySqlInstallation of(ServerHome home) throws IOException {
        requireLinux(System.getProperty("os.name"), System.getProperty("os.arch"));
        Path base = home.shared(VERSION, MySqlInstallation::unpack);
        Path data = home.shared(VERSION + "-data", folder -> install(base, folder));
        return new MySqlInstallation(base, data);
    }

    static void requireLinux(String osName, String osArch) {
        if (!osName.equals("Linux") || !osArch.equals("amd64")) {
            throw new UnsupportedOperationException("no MySQL executable for " + osName + " on " + osArch
                    + "; there is one for Linux on amd64, and containers everywhere: " + ServerMode.KEY + " = docker");
        }
    }

    Path executable() {
        return executable(base);
    }

    private static Path executable(Path base) {
        return base.resolve("bin").resolve("mysqld");
    }

    List<String> storage() {
        return SqlSettings.storage(share(base));
    }

    private static Path share(Path base) {
        return base.resolve("share");
    }

    private static void unpack(Path folder) throws IOException {
        Path archive = folder.resolve(ARCHIVE);
        Resources.unpackFile(ARCHIVE, archive, "run Maven with the profile mysql8");
        // a program of the system: links among the libraries are kept, and Java has nothing that reads the format
        Programs.run("unpacking of " + ARCHIVE, List.of("tar", "-xzf", archive.toString(), "-C", folder.toString()));
        Files.delete(archive);
    }

    private static void install(Path base, Path folder) throws IOException {
        var command = List.of(executable(base).toString(), "--no-defaults", "--initialize-insecure");
        try {
            SqlSettings.install(
                    "installation of MySQL", command, SqlSettings.storage(share(base)), folder, Programs.NOTHING);
        } catch (IOException e) {
            throw withHint(e);
        }
    }

    /** The loader's own words name one library, and no package. */
    static IOException withHint(IOException e) {
        boolean library = String.valueOf(e.getMessage()).contains("error while loading shared libraries");
        return library
                ? new IOException(
                        "MySQL needs the libraries libaio.so.1 and libnuma.so.1 (Debian: apt-get install libaio1"
                                + " libnuma1): " + e.getMessage(),
                        e)
                : e;
    }
}
