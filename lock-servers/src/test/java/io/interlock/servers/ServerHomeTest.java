// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerHomeTest {
    @TempDir
    private Path temp;

    @Test
    void homeIsForItsUserAlone() throws IOException {
        ServerHome.at(temp.resolve("home"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("home"))))
                .isEqualTo("rwx------");
    }

    @Test
    void linkInPlaceOfTheHomeIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("home"), Files.createDirectory(temp.resolve("elsewhere")));
        assertThatThrownBy(() -> ServerHome.at(link)).isInstanceOf(IOException.class);
    }

    @Test
    void manyThreadsUnpackOneExecutable() throws Exception {
        var home = ServerHome.at(temp.resolve("home"));
        var threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> unpack = () -> home.executable(RedisBinary.resource());
            var all = threads.invokeAll(
                    IntStream.range(0, 8).mapToObj(i -> unpack).toList());
            Path first = all.get(0).get();
            for (Future<Path> path : all) {
                assertThat(path.get()).isEqualTo(first).isExecutable();
            }
            assertThat(temp.resolve("home/bin").toFile().list()).containsExactly(RedisBinary.resource());
        } finally {
            threads.shutdownNow();
        }
    }

    /** What is in the way of a sweep must not be in the way of a server. */
    @Test
    void strayFileOrBrokenFolderDoesNotStopANewRun() throws IOException {
        var home = ServerHome.at(temp.resolve("home"));
        Path file = Files.writeString(home.run().resolve("stray"), "");
        Path broken = Files.createDirectory(home.run().resolve("broken"));
        // can't be opened for writing, whoever we are
        Files.createDirectory(broken.resolve("owner.lock"));
        Path orphan = Files.createDirectory(home.run().resolve("orphan"));
        try (var run = home.newRun("redis")) {
            assertThat(run.path()).isDirectory();
            assertThat(List.of(file, broken)).allMatch(Files::exists);
            assertThat(orphan).doesNotExist();
        }
    }

    @Test
    void machineWithoutAnExecutableIsToldWhichHaveOne() {
        assertThat(RedisBinary.resource("Mac OS X", "aarch64")).isEqualTo("redis-server-7.0.15-darwin-arm64");
        assertThatThrownBy(() -> RedisBinary.resource("Windows 11", "amd64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Windows 11");
    }
}
