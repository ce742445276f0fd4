// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What holds for a ZooKeeper in a container. */
@EnabledIfSystemProperty(named = "lock.tck.servers", matches = "docker", disabledReason = "containers not asked for")
class ZooKeeperContainerTest {
    private static final String IMAGE = System.getProperty("lock.tck.image.zookeeper", "zookeeper:3.9");

    private final DockerClient docker = Docker.client();

    @AutoClose
    private final ZooKeeperServer server = ZooKeeperServer.start();

    @Test
    void descriptionNamesTheImage() {
        assertThat(server.description())
                .matches("ZooKeeper \\d+\\.\\d+\\.\\d+, .*")
                .endsWith(", container " + IMAGE);
    }

    @Test
    void restartKeepsTheContainerAndItsData() throws Exception {
        String id = containers().get(0).getId();
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            handle.create("/kept");
        }
        server.kill();
        server.restart();
        assertThat(containers()).extracting(Container::getId).containsExactly(id);
        assertThat(ZooKeeperHandle.existsAt(server.address(), "/kept")).isTrue();
    }

    @Test
    void emptyRestartTakesAnotherContainer() throws Exception {
        String id = containers().get(0).getId();
        try (var handle = ZooKeeperHandle.connect(server.address())) {
            handle.create("/forgotten");
        }
        server.restartEmpty();
        assertThat(containers()).hasSize(1).extracting(Container::getId).doesNotContain(id);
        assertThat(ZooKeeperHandle.existsAt(server.address(), "/forgotten")).isFalse();
    }

    @Test
    void closeRemovesTheContainerEvenIfItIsPaused() {
        server.pause();
        server.close();
        assertThat(containers()).isEmpty();
    }

    private List<Container> containers() {
        return docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(StaleContainers.FOLDER, server.folder().toString()))
                .exec();
    }
}
