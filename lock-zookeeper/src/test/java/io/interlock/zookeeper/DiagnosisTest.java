// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Finding;
import io.interlock.Finding.Severity;
import io.interlock.LockClient;
import io.interlock.servers.ZooKeeperEnsemble;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DiagnosisTest {
    private final Ground ground = Ground.shared();

    @AfterEach
    void close() throws Exception {
        ground.close();
    }

    @Test
    void aServerThatStandsAloneIsToldWithWhatToDo() {
        Finding first = ground.client().diagnose().get(0);

        assertThat(first.severity()).isEqualTo(Severity.WARNING);
        assertThat(first.what()).contains("one voting server");
        assertThat(first.remedy()).isEqualTo("run three servers, or five");
    }

    @Test
    void aSessionThatTheServersCutShortIsTold() {
        assertThat(ground.client("&session=5m").diagnose())
                .anySatisfy(finding -> assertThat(finding.what())
                        .isEqualTo(
                                "the session timeout is 60000 ms and not the 300000 ms that were asked for: the servers'"
                                        + " minSessionTimeout and maxSessionTimeout bound it"));
        assertThat(ground.client("&session=5s").diagnose())
                .extracting(Finding::what)
                .contains(
                        "the session timeout is 5000 ms: as long after a crash of the holder others wait for the lock");
    }

    @Test
    void theSessionsLifeIsTold() {
        assertThat(ground.client().diagnose())
                .extracting(Finding::what)
                .anyMatch(what -> what.matches("the session surely lives for another \\d+ ms"));
    }

    @Test
    void aSessionThatMayBeOverIsAWarningAndAReadOnlyServerAnError() {
        assertThat(Diagnosis.life(true, Duration.ZERO))
                .extracting(Finding::severity)
                .containsExactly(Severity.ERROR, Severity.WARNING);
        assertThat(Diagnosis.life(true, Duration.ZERO))
                .extracting(Finding::what)
                .containsExactly(
                        "the server that we talk to is read-only: it has lost its ensemble",
                        "it is not sure that our session lives: no heartbeat through the leader was answered in time");
        assertThat(Diagnosis.life(false, Duration.ofMillis(7)))
                .containsExactly(Finding.info("the session surely lives for another 7 ms"));
    }

    @Test
    void locksThatEverybodyMayDeleteAreTold() {
        assertThat(ground.client().diagnose())
                .extracting(Finding::what)
                .anyMatch(what -> what.startsWith("acl=open: everybody"));
        assertThat(ground.client("&auth=digest&user=joe&password=geheim&acl=creator")
                        .diagnose())
                .extracting(Finding::what)
                .noneMatch(what -> what.contains("acl="));
    }

    @Test
    void nothingIsMade() throws Exception {
        LockClient client = ground.client();
        List<String> before = ground.children("/interlock");
        assertThat(client.diagnose()).isNotEmpty();
        assertThat(ground.children("/interlock")).isEqualTo(before);
    }

    @Test
    void threeServersAreFine() {
        try (var ensemble = ZooKeeperEnsemble.start();
                var client = LockClient.open(ensemble.uri())) {
            assertThat(client.diagnose())
                    .contains(Finding.info("the ensemble has 3 voting servers, and survives the loss of 1"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, WARNING, 'the ensemble has 2 voting servers, and survives the loss of 0, as 1 would'",
        "5, 0, INFO, 'the ensemble has 5 voting servers, and survives the loss of 2'",
        "3, 2, INFO, 'the ensemble has 3 voting servers, and survives the loss of 1'",
        "1, 1, WARNING, 'the ensemble has one voting server: while it is down nobody can lock, and if its disk is lost,"
                + " so are all locks and tokens'"
    })
    void votersCountAndObserversDoNot(int voters, int observers, Severity severity, String what) {
        var config = new StringBuilder();
        for (int i = 1; i <= voters + observers; i++) {
            config.append("server.").append(i).append("=10.0.0.").append(i).append(":2888:3888:");
            config.append(i <= voters ? "participant" : "observer").append(";0.0.0.0:2181\n");
        }
        config.append("version=100000000");

        Finding finding = Diagnosis.members(config.toString());

        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.what()).isEqualTo(what);
    }
}
