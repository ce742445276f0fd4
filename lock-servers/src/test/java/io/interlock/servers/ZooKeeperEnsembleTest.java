// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ZooKeeperEnsembleTest {
    @AutoClose
    private final ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start();

    @Test
    void lossOfTheLeaderLeavesAQuorumThatKnowsEverything() throws Exception {
        var first = ensemble.leader();
        assertThat(ensemble.followers()).hasSize(2).doesNotContain(first);
        try (var handle = ZooKeeperHandle.connect(ensemble.address())) {
            handle.create("/written");
        }
        first.kill();
        assertThat(ensemble.leader()).isNotSameAs(first);
        ensemble.awaitQuorum();
        assertThat(ensemble.followers()).hasSize(1);
        assertThat(ZooKeeperHandle.existsAt(ensemble.leader().address(), "/written"))
                .isTrue();

        first.restart();
        ensemble.awaitQuorum();
        assertThat(ensemble.followers()).contains(first).hasSize(2);
    }

    @Test
    void pausedLeaderIsReplaced() {
        var first = ensemble.leader();
        first.pause();
        assertThat(ensemble.leader()).isNotSameAs(first);
        first.resume();
        ensemble.awaitQuorum();
        assertThat(ensemble.leader()).isNotSameAs(first);
    }

    @Test
    void noWriteIsConfirmedWithoutAQuorum() throws Exception {
        var follower = ensemble.followers().get(0);
        try (var handle = ZooKeeperHandle.connect(follower.address())) {
            ensemble.members().stream().filter(member -> member != follower).forEach(ZooKeeperServer::kill);
            assertThatThrownBy(() -> handle.create("/refused")).isInstanceOf(KeeperException.class);
        }
    }

    /** Those for votes and for followers too. */
    @Test
    void everyPortIsReachedOnLoopbackOnly() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        assertThat(ports()).hasSize(7);
        for (int port : ports()) {
            for (InetAddress address : others) {
                try (var socket = new Socket()) {
                    assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, port), 1_000))
                            .as("%s:%s", address, port)
                            .isInstanceOf(IOException.class);
                }
            }
        }
    }

    private List<Integer> ports() throws IOException {
        return Files.readAllLines(ensemble.leader().folder().resolve("zoo.cfg")).stream()
                .filter(line -> line.startsWith("server.") || line.startsWith("clientPort="))
                .flatMap(line ->
                        Pattern.compile("(?<=[:=])\\d+\\b(?!\\.)").matcher(line).results())
                .map(found -> Integer.valueOf(found.group()))
                .toList();
    }

    @Test
    void closeLeavesNothing() {
        ensemble.close();
        assertThat(ensemble.members())
                .noneMatch(ZooKeeperServer::isAlive)
                .allSatisfy(member -> assertThat(member.folder()).doesNotExist());
    }
}
