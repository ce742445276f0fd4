// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Ports;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What holds for a server in a container. */
@EnabledIfSystemProperty(named = "lock.tck.servers", matches = "docker", disabledReason = "containers not asked for")
class RedisContainerTest {
    private static final String IMAGE = System.getProperty("lock.tck.image.redis", "redis:7");

    private final DockerClient docker = Docker.client();

    @AutoClose
    private final RedisServer server = RedisServer.builder().password("s3cret").start();

    @Test
    void descriptionNamesTheImage() {
        assertThat(server.description()).matches("Redis \\d+\\.\\d+\\.\\d+, .*").endsWith(", container " + IMAGE);
    }

    @Test
    void onePortIsPublishedOnTheLoopbackAddressAndNoOther() {
        var published = Map.of("6379/tcp", List.of("127.0.0.1:" + server.port()));
        assertThat(published(inspect())).isEqualTo(published);
        server.kill();
        server.restart();
        assertThat(published(inspect())).isEqualTo(published);
        assertThat(inspect().getHostConfig().getPublishAllPorts()).isFalse();
    }

    @Test
    void restartsKeepTheContainer() {
        String id = inspect().getId();
        server.kill();
        server.restart();
        server.restart();
        assertThat(inspect().getId()).isEqualTo(id);
    }

    @Test
    void pauseFreezesTheContainerAndKillIsSigkill() {
        server.pause();
        assertThat(inspect().getState().getPaused()).isTrue();
        server.resume();
        assertThat(inspect().getState().getPaused()).isFalse();
        server.kill();
        assertThat(inspect().getState().getExitCodeLong()).isEqualTo(128 + 9);
    }

    @Test
    void passwordIsInNoCommandOrVariable() {
        assertThat(inspect().getConfig().getCmd()).noneMatch(word -> word.contains("s3cret"));
        assertThat(inspect().getConfig().getEnv()).noneMatch(variable -> variable.contains("s3cret"));
    }

    @Test
    void pidIsRefused() {
        assertThatThrownBy(server::pid)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("container");
    }

    @Test
    void closeRemovesTheContainer() {
        server.pause();
        server.close();
        assertThat(containers()).isEmpty();
    }

    @Test
    void serverThatDoesNotStartLeavesNoContainer() {
        int before = docker.listContainersCmd().withShowAll(true).exec().size();
        assertThatThrownBy(RedisServer.builder().setting("no-such-setting 1")::start)
                .hasMessageContaining("no-such-setting");
        assertThat(docker.listContainersCmd().withShowAll(true).exec()).hasSize(before);
    }

    /** And at once: a test that waits for a registry in vain is a test that hangs. */
    @Test
    @Timeout(30)
    void missingImageIsToldWithTheKeyAndTheCause() {
        assertThatThrownBy(() -> DockerImages.require(docker, "127.0.0.1:1/no-such-image:1", "lock.tck.image.redis"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("image 127.0.0.1:1/no-such-image:1 is not here and can't be fetched;"
                        + " lock.tck.image.redis names another one")
                .hasCauseInstanceOf(RuntimeException.class);
    }

    private InspectContainerResponse inspect() {
        return docker.inspectContainerCmd(containers().get(0).getId()).exec();
    }

    private List<Container> containers() {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(StaleContainers.FOLDER, server.folder().toString()))
                .exec();
    }

    private static Map<String, List<String>> published(InspectContainerResponse container) {
        return container.getNetworkSettings().getPorts().getBindings().entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toString(),
                        entry -> Arrays.stream(entry.getValue())
                                .map(Ports.Binding::toString)
                                .toList()));
    }
}
