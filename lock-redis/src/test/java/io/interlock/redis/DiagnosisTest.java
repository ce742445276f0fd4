// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Finding;
import io.interlock.Finding.Severity;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.servers.RedisCluster;
import io.interlock.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DiagnosisTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @Test
    void aServerWithALogIsAsItShouldBe() {
        try (var server = RedisServer.builder().setting("appendonly yes").start();
                var client = LockClient.open(server.uri())) {
            assertThat(client.diagnose()).singleElement().satisfies(only -> {
                assertThat(only.severity()).isEqualTo(Severity.INFO);
                assertThat(only.what()).matches("Redis \\d+\\.\\d+\\.\\d+, standalone");
            });
        }
    }

    @Test
    void aServerWithoutALogForgets() {
        assertThat(redis.client().diagnose().get(0)).satisfies(first -> {
            assertThat(first.severity()).isEqualTo(Severity.WARNING);
            assertThat(first.what()).startsWith("the server keeps no log of its changes");
        });
    }

    @Test
    void aServerThatEvictsIsAnErrorOnceItsMemoryIsLimited() {
        var client = redis.client();
        redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
        try {
            assertThat(client.diagnose())
                    .anySatisfy(finding -> assertThat(finding)
                            .isEqualTo(Finding.warning(
                                    "the server would throw held locks away if its memory were limited"
                                            + " (maxmemory-policy = volatile-ttl)",
                                    "set maxmemory-policy noeviction, or keep locks on a server that is no cache")));
            redis.command("CONFIG", "SET", "maxmemory", "1gb");
            assertThat(client.diagnose().get(0).severity()).isEqualTo(Severity.ERROR);
        } finally {
            redis.command("CONFIG", "SET", "maxmemory", "0");
            redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        }
    }

    @Test
    void aReplicaIsAnErrorAndHavingOneIsAWarning() {
        try (var replica = RedisServer.builder()
                        .setting("replicaof 127.0.0.1 " + redis.server().port())
                        .start();
                var client = LockClient.open(replica.uri())) {
            assertThat(client.diagnose().get(0)).satisfies(first -> {
                assertThat(first.severity()).isEqualTo(Severity.ERROR);
                assertThat(first.what()).startsWith("the server is a replica");
            });
            // a replica is ready before its master knows it
            await().untilAsserted(() ->
                    assertThat(whats(redis.client())).anyMatch(what -> what.startsWith("the server has replicas (1)")));
        }
        await().untilAsserted(() -> assertThat(whats(redis.client())).noneMatch(what -> what.contains("replica")));
    }

    @Test
    void grantsThatWaitForMoreReplicasThanThereAreAreAnError() {
        assertThat(redis.client("waitReplicas=2").diagnose().get(0)).satisfies(first -> {
            assertThat(first.severity()).isEqualTo(Severity.ERROR);
            assertThat(first.what()).startsWith("the server has 0 replicas, and every grant waits for 2");
        });
    }

    @Test
    void everyMasterOfAClusterIsLookedAt() {
        try (var cluster = RedisCluster.start();
                var client = LockClient.open(cluster.uri())) {
            assertThat(client.diagnose())
                    .filteredOn(finding -> finding.what().matches("127\\.0\\.0\\.1:\\d+: Redis .*, cluster"))
                    .hasSize(3);
        }
    }

    @Test
    void anUnsafeVariantIsAnErrorWhateverTheServer() {
        assertThat(redis.client("variant=setnx-expire", "allowUnsafe=true")
                        .diagnose()
                        .get(0)
                        .what())
                .startsWith("variant setnx-expire has known holes");
    }

    @Test
    void aUserWithoutTheRightToAskIsToldSo() {
        redis.command("ACL", "SETUSER", "blind", "on", ">secret", "~*", "&*", "+@all", "-info");
        try (var client = LockClient.open(redis.uri().replace("redis://", "redis://blind:secret@"))) {
            assertThat(client.diagnose())
                    .containsExactly(Finding.warning(
                            "this user may not ask the server for INFO, so nothing could be looked at",
                            "give the user the right: ACL SETUSER … +info"));
        } finally {
            redis.command("ACL", "DELUSER", "blind");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsAFailureAndNoFinding() {
        var client = redis.client("callTimeout=1s");
        redis.server().pause();
        assertThatThrownBy(client::diagnose).isInstanceOf(LockBackendException.class);
    }

    @Test
    void nothingIsChanged() {
        assertThat(redis.client().diagnose()).isNotEmpty();
        assertThat(redis.shell().keys("*")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rdb_last_bgsave_status:err, ERROR, the server can't write to its disk (rdb_last_bgsave_status = err)",
        "aof_last_write_status:err, ERROR, the server can't write to its disk (aof_last_write_status = err)",
        "evicted_keys:7, WARNING, the server has thrown 7 keys away since it was started",
        "redis_version:5.0.14, WARNING, the server is older than any that these locks are tested with (7.0)"
    })
    void whatAServerTellsOfItselfIsJudged(String line, Severity severity, String what) {
        List<Finding> findings = Diagnosis.of(
                ServerInfo.parse("# Server\r\n" + line + "\r\naof_enabled:1\r\n"), RedisOptions.defaults());
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.what()).startsWith(what);
        });
        assertThat(Diagnosis.of(ServerInfo.parse("aof_enabled:1"), RedisOptions.defaults()))
                .extracting(Finding::severity)
                .containsExactly(Severity.INFO);
    }

    private static List<String> whats(LockClient client) {
        return client.diagnose().stream().map(Finding::what).toList();
    }
}
