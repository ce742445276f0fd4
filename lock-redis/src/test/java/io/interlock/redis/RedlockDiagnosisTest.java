// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Finding;
import io.interlock.Finding.Severity;
import io.interlock.LockClient;
import io.interlock.redis.RedlockDiagnosis.Checkup;
import io.interlock.servers.RedisServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedlockDiagnosisTest {
    private static final String PREFIX = "127\\.0\\.0\\.1:\\d+: ";

    @AutoClose
    private final RedlockServers servers = RedlockServers.start(3);

    @Test
    void everyNodeAndTheirClocksAreLookedAt() {
        List<Finding> findings = diagnose("restartDelay=0s");
        assertThat(findings).extracting(Finding::severity).doesNotContain(Severity.ERROR);
        assertThat(findings)
                .extracting(Finding::what)
                .contains("3 of 3 nodes answer, and 2 are needed")
                .anyMatch(what -> what.matches("the nodes' clocks differ by \\d+ ms, give or take \\d+ ms"));
        assertThat(matching(findings, PREFIX + "Redis \\d.*")).hasSize(3);
        assertThat(matching(findings, PREFIX + "the node has forgotten its locks .*"))
                .hasSize(3);
    }

    @Test
    void aNodeThatWasJustStartedHasNoVote() {
        assertThat(matching(
                        diagnose("restartDelay=1h&lease=30s"),
                        PREFIX + "the node was started \\d+ s ago, and has no vote for another (3600|35\\d\\d) s .*"))
                .hasSize(3);
    }

    @Test
    void aMinorityThatIsDownIsAWarningAndAMajorityAnError() {
        try (var client = LockClient.open(servers.uri("variant=redlock&restartDelay=0s"))) {
            servers.all().get(0).kill();
            Finding warning = client.diagnose().get(0);
            assertThat(warning.severity()).isEqualTo(Severity.WARNING);
            assertThat(warning.what())
                    .startsWith("2 of 3 nodes answer, and 2 are needed: ")
                    .contains("127.0.0.1:" + servers.all().get(0).port());
            servers.all().get(1).kill();
            Finding error = client.diagnose().get(0);
            assertThat(error.severity()).isEqualTo(Severity.ERROR);
            assertThat(error.what()).startsWith("1 of 3 nodes answer, and 2 are needed: ");
        }
    }

    @Test
    void aNodeWithAReplicaIsAnError() {
        try (var replica = RedisServer.builder()
                .setting("replicaof 127.0.0.1 " + servers.all().get(2).port())
                .start()) {
            assertThat(replica.isAlive()).isTrue();
            // a replica is ready before its master knows it
            await().untilAsserted(() -> assertThat(
                            matching(diagnose("restartDelay=0s"), PREFIX + "the node has replicas \\(1\\): .*"))
                    .singleElement()
                    .extracting(Finding::severity)
                    .isEqualTo(Severity.ERROR));
        }
    }

    @Test
    void clocksThatDifferByMoreThanTheQuestionTookAndASecondAreAWarning() {
        var info = new ServerInfo(Map.of());
        var slow = new Checkup(info, 5_000_000, 20_000);
        assertThat(RedlockDiagnosis.clocks(List.of(slow, new Checkup(info, 3_979_000, 100))))
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
                .satisfies(finding -> assertThat(finding.what())
                        .startsWith("the nodes' clocks differ by 1021 ms, give or take 21 ms: tokens jump"));
        assertThat(RedlockDiagnosis.clocks(List.of(slow, new Checkup(info, 3_981_000, 100))))
                .isEqualTo(Finding.info("the nodes' clocks differ by 1019 ms, give or take 21 ms"));
    }

    private List<Finding> diagnose(String settings) {
        try (var client = LockClient.open(servers.uri("variant=redlock&" + settings))) {
            return client.diagnose();
        }
    }

    private static List<Finding> matching(List<Finding> findings, String what) {
        return findings.stream()
                .filter(finding -> finding.what().matches("(?s)" + what))
                .toList();
    }
}
