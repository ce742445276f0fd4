// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for a database server in a process of this machine, whatever the other tests run on. */
class SqlProcessTest {
    @Test
    void descriptionSaysProcess() {
        try (SqlServer server = start()) {
            assertThat(server.description()).isEqualTo("MariaDB 11.4.5, process");
        }
    }

    @Test
    void optionCanNotOpenTheServerToTheNetwork() throws SQLException {
        try (SqlServer open = MariaDbServer.builder()
                .in(ServerMode.PROCESS)
                .option("--bind-address=0.0.0.0")
                .start()) {
            assertThat(Sql.askOnce(open, "SELECT @@bind_address")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void passwordIsNotInTheCommandLine() {
        try (SqlServer server = start()) {
            assertThat(ProcessHandle.of(server.pid()).orElseThrow().info().commandLine())
                    .hasValueSatisfying(line -> assertThat(line)
                            .doesNotContain(SqlServer.PASSWORD)
                            .doesNotContain(SqlServer.ADMIN_PASSWORD));
        }
    }

    @Test
    void closeEndsEvenAPausedProcess() {
        SqlServer server = start();
        server.pause();
        long pid = server.pid();
        server.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    /** The first start of a build installs the server, and two builds may start at once. */
    @Test
    void twoJvmsInstallItOnceAndBothRunIt(@TempDir Path temp) throws Exception {
        var jvms = new ArrayList<Process>();
        for (int i = 0; i < 2; i++) {
            jvms.add(OtherJvm.running(Starter.class, temp, "-Dlock.tck.servers=process")
                    .start());
        }
        for (Process jvm : jvms) {
            assertThat(jvm.waitFor()).isZero();
        }
        Path bin = temp.resolve("interlock-servers-" + System.getProperty("user.name"))
                .resolve("bin");
        try (var made = Files.list(bin)) {
            assertThat(made.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("mariadb-11.4.5", "mariadb-11.4.5-data");
        }
    }

    @Test
    void halfAnInstallationIsMadeAnew(@TempDir Path temp) throws IOException {
        ServerHome home = ServerHome.at(temp);
        assertThatThrownBy(() -> home.shared("program-1", folder -> {
                    Files.createFile(folder.resolve("half"));
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        Path made = home.shared("program-1", folder -> Files.createFile(folder.resolve("whole")));
        assertThat(made).isDirectoryContaining("glob:**whole").isDirectoryNotContaining("glob:**half");
    }

    @Test
    void otherSystemsAreToldWhatThereIs() {
        assertThat(MariaDbInstallation.resource("Linux", "amd64")).endsWith("/linux/");
        assertThat(MariaDbInstallation.resource("Mac OS X", "aarch64")).endsWith("/osx/");
        assertThatThrownBy(() -> MariaDbInstallation.resource("Linux", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Linux on aarch64")
                .hasMessageContaining("docker");
        assertThatThrownBy(() -> MySqlInstallation.requireLinux("Mac OS X", "amd64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Mac OS X on amd64");
        MySqlInstallation.requireLinux("Linux", "amd64");
    }

    @Test
    void missingLibrariesAreNamedWithTheirPackages() {
        var loader = new IOException("mysqld: error while loading shared libraries: libaio.so.1: cannot open");
        assertThat(MySqlInstallation.withHint(loader))
                .hasMessageContaining("apt-get install libaio1 libnuma1")
                .hasMessageContaining("libaio.so.1: cannot open");
        var other = new IOException("disk full");
        assertThat(MySqlInstallation.withHint(other)).isSameAs(other);
    }

    private static SqlServer start() {
        return MariaDbServer.builder().in(ServerMode.PROCESS).start();
    }

    /** Starts and ends a server; an exception ends it with exit code 1. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) {
            MariaDbServer.start().close();
        }
    }
}
