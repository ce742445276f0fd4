// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A server that is no Redis: a script of which a test knows what it prints and when it ends. */
class ManagedServerTest {
    private static final String RUNS = "echo Script version=1.2, ready; exec sleep 60\n";

    @Test
    void anyKindOfServerIsDescribed() throws IOException {
        try (var server = ManagedServer.start(new Script(RUNS), ServerMode.chosen(), null)) {
            assertThat(server.run().isAlive()).isTrue();
            assertThat(server.description()).matches("Script 1\\.2, (process|container redis:7)");
        }
    }

    @Test
    void serverThatTellsNoVersionRunsAllTheSame() throws IOException {
        try (var server = ManagedServer.start(new Script("echo ready; exec sleep 60\n"), ServerMode.chosen(), null)) {
            assertThat(server.description()).startsWith("Script of unknown version, ");
        }
    }

    /** What an earlier run printed says nothing about this one. */
    @Test
    void secondStartIsJudgedByItsOwnLog() throws IOException {
        var endsAtOnceTheSecondTime = new Script("if [ -e ran ]; then echo worn out; exit 1; fi; touch ran; " + RUNS);
        try (var server = ManagedServer.start(endsAtOnceTheSecondTime, ServerMode.chosen(), null)) {
            server.run().kill();
            assertThatThrownBy(server::restart)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Script did not start on port " + server.port() + ":\nworn out");
            assertThat(server.run().isAlive()).isFalse();
        }
    }

    /** A server that is killed instead loses what it has not saved. */
    @Test
    void pausedServerThatIsStoppedEndsByItself() throws IOException {
        try (var place = place()) {
            ServerRun run = place.launch(FreePort.find());
            run.pause();
            run.stop();
            assertThat(run.isAlive()).isFalse();
            assertThat(run.log()).contains("Redis is now ready to exit");
        }
    }

    @Test
    void takenPortIsAReasonToTryAnotherOne() throws IOException {
        try (var place = place();
                var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find()));
            assertThatThrownBy(() -> place.launch(taken.getLocalPort())).isInstanceOf(PortTakenException.class);
            ServerRun run = place.launch(FreePort.find());
            assertThat(run.isAlive()).isTrue();
            run.kill();
        }
    }

    private static ServerPlace place() throws IOException {
        var recipe = new RedisRecipe(List.of(), null);
        return ServerMode.chosen() == ServerMode.DOCKER ? Containers.open(recipe) : ProcessPlace.open(recipe);
    }

    private record Script(String text) implements ServerRecipe {
        @Override
        public String name() {
            return "Script";
        }

        @Override
        public String kind() {
            return "script";
        }

        @Override
        public Pattern ready() {
            return Pattern.compile("ready");
        }

        @Override
        public Pattern version() {
            return Pattern.compile("version=([^,]+)");
        }

        @Override
        public List<String> processCommand(ServerHome home, Path folder, int port) throws IOException {
            Path script = Files.writeString(folder.resolve("script.sh"), text);
            return List.of("/bin/sh", script.toString());
        }

        @Override
        public ContainerRecipe container() {
            List<String> command = List.of("sh", "-c", "cd /tmp; . /interlock/script.sh");
            return new ContainerRecipe("redis:7", 6379, command, Map.of(), Map.of("/interlock/script.sh", text));
        }
    }
}
