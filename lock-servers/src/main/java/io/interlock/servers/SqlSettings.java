// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What MariaDB and MySQL are told alike. */
final class SqlSettings {
    static final int CONTAINER_PORT = 3306;

    private static final String CONTAINER_INIT = "/interlock/init.sql";

    private SqlSettings() {}

    /**
     * Statements for each start, so each of them must bear to be repeated. Users come from anywhere, since containers see
     * their clients at another address than the loopback one; who can reach the port is another matter.
     */
    static String init() {
        return String.join(
                "\n",
                "CREATE DATABASE IF NOT EXISTS " + SqlServer.DATABASE + ";",
                user(SqlServer.USER, SqlServer.PASSWORD),
                "GRANT ALL ON " + SqlServer.DATABASE + ".* TO '" + SqlServer.USER + "'@'%';",
                user(SqlServer.ADMIN, SqlServer.ADMIN_PASSWORD),
                "GRANT ALL ON *.* TO '" + SqlServer.ADMIN + "'@'%' WITH GRANT OPTION;",
                "ALTER USER 'root'@'localhost' ACCOUNT LOCK;",
                "");
    }

    private static String user(String name, String password) {
        return "CREATE USER IF NOT EXISTS '" + name + "'@'%' IDENTIFIED BY '" + password + "';";
    }

    /** How data are made and kept: the same when they are made as when they are used. */
    static List<String> storage(Path share) {
        var options = new ArrayList<>(List.of(
                "--lc-messages-dir=" + share,
                "--character-sets-dir=" + share.resolve("charsets"),
                "--skip-log-bin",
                "--innodb-log-file-size=16M",
                // the temp folder outlives no crash of the machine anyway, and one of the server loses nothing by it
                "--innodb-flush-method=nosync",
                "--innodb-doublewrite=0",
                "--innodb-flush-log-at-trx-commit=2"));
        if (System.getProperty("user.name", "").equals("root")) {
            // refused without this
            options.add("--user=root");
        }
        return options;
    }

    /**
     * Runs a server that makes the first data, and ends.
     *
     * @param command without what is the same for every kind of server
     * @param storage how data are kept
     * @param data where they are made
     * @param input what the server reads
     */
    static void install(String purpose, List<String> command, List<String> storage, Path data, Path input)
            throws IOException {
        Path temporary = Files.createTempDirectory(data.getParent(), "tmp");
        try {
            var whole = new ArrayList<>(command);
            whole.add("--datadir=" + data);
            whole.add(temporary(temporary));
            whole.addAll(storage);
            Programs.run(purpose, whole, input);
        } finally {
            RunFolder.delete(temporary);
        }
    }

    /** Not the folder of the machine: a MariaDB that starts deletes the temporary tables it finds there, whoever's they are. */
    private static String temporary(Path folder) {
        return "--tmpdir=" + folder;
    }

    /**
     * The arguments of a process.
     *
     * @param storage how the data were made
     * @param given the caller's, which may change what goes before, and can't open the server to the network
     * @param folder has the data
     */
    static List<String> process(List<String> storage, List<String> given, Path folder, int port) throws IOException {
        Path init = folder.resolve("init.sql");
        Files.writeString(init, init());
        var arguments = new ArrayList<>(storage);
        arguments.addAll(small());
        arguments.addAll(given);
        arguments.addAll(List.of(
                "--datadir=" + data(folder),
                temporary(Files.createDirectories(folder.resolve("tmp"))),
                // relative to the data: the path of a socket has room for a hundred letters only
                "--socket=server.sock",
                "--init-file=" + init,
                "--bind-address=127.0.0.1",
                "--port=" + port));
        return arguments;
    }

    /** {@return the container's environment aside, how it is run} */
    static List<String> container(List<String> given) {
        var arguments = new ArrayList<>(small());
        arguments.addAll(given);
        arguments.add("--init-file=" + CONTAINER_INIT);
        return arguments;
    }

    static java.util.Map<String, String> containerFiles() {
        return java.util.Map.of(CONTAINER_INIT, init());
    }

    private static List<String> small() {
        return List.of("--skip-ssl", "--performance-schema=OFF", "--innodb-buffer-pool-size=32M");
    }

    /** {@return the folder of the data; made from the template unless it is there} */
    static Path provide(Path template, Path folder) throws IOException {
        Path data = data(folder);
        if (!Files.exists(data)) {
            Path copy = folder.resolve("data.partial");
            try (var files = Files.walk(template)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(template.relativize(file)));
                }
            }
            Files.move(copy, data);
        }
        return data;
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
    }
}
