// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Capability;
import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.RedisServer;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/**
 * A master and its replica, and a fail-over between them when the replica does not have the newest grant: what the master
 * sends it is kept back, and the replica is promoted after the master has gone.
 */
@Timeout(60)
class ReplicationTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final RedisServer master = keep(start());
    private final FaultProxy replication = keep(new FaultProxy(master.port()));
    private final RedisServer replica = keep(start("replicaof 127.0.0.1 " + replication.port()));

    @BeforeEach
    void awaitReplica() {
        try (var shell = RedisClient.create(master.host(), master.port())) {
            await().until(() -> shell.info("replication").contains("state=online"));
        }
    }

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.10")
    void r10_grantThatTheReplicaConfirmedSurvivesTheFailOver(String variant) throws InterruptedException {
        grant(backend(master, "variant=" + variant, "waitReplicas=1", "waitReplicasTimeout=10s"), request("a"));
        LockBackend next = failOver("variant=" + variant);
        refused(attempt(next, request("a"), newOwner()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.10")
    void r10_withoutConfirmationTheFailOverMakesTwoHolders(String variant) throws InterruptedException {
        LockBackend before = backend(master, "variant=" + variant);
        replication.goSilent();
        Grant first = grant(before, request("a"));
        Grant second = grant(failOver("variant=" + variant), request("a"));
        assertThat(first.validUntil()).as("the first believes in its lease").isGreaterThan(System.nanoTime());
        if (before.capabilities().contains(Capability.FENCING)) {
            assertThat(second.fencingToken())
                    .as("and a resource that checks tokens refuses it all the same")
                    .isGreaterThan(first.fencingToken());
        }
    }

    /** What the first holder would have had with the option: nothing, and so there is one holder after the fail-over. */
    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.10")
    void r10_withConfirmationTheFailOverMakesOneHolder(String variant) throws InterruptedException {
        LockBackend before = backend(master, "variant=" + variant, "waitReplicas=1", "waitReplicasTimeout=200ms");
        replication.goSilent();
        assertThatThrownBy(() -> attempt(before, request("a"), newOwner())).isInstanceOf(LockBackendException.class);
        grant(failOver("variant=" + variant), request("a"));
    }

    /** As when the master becomes a replica while it is asked: the grant stands all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.10")
    void r10_grantWhoseConfirmationIsRefusedIsToBeUndone(String variant) throws InterruptedException {
        TestRedis.ask(master, "ACL", "SETUSER", "hasty", "on", ">secret", "~*", "&*", "+@all", "-wait");
        var uri = "redis://hasty:secret@127.0.0.1:" + master.port() + "?variant=" + variant + "&waitReplicas=1";
        var before = backend(uri);
        var owner = newOwner();
        var request = request("a");
        assertThatThrownBy(() -> attempt(before, request, owner))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue())
                .hasMessageContaining("half of it was carried out")
                .hasMessageContaining("NOPERM");
        assertThat(before.undo(request, owner)).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.10")
    void r10_grantThatTheReplicaDoesNotConfirmFailsAndIsToBeUndone(String variant) throws InterruptedException {
        LockBackend before = backend(master, "variant=" + variant, "waitReplicas=1", "waitReplicasTimeout=200ms");
        replica.pause();
        var owner = newOwner();
        var request = request("a");
        assertThatThrownBy(() -> attempt(before, request, owner))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue())
                .hasMessageContaining("only 0 of 1 replicas confirmed it within 200 ms");
        before.undo(request, owner);
        assertThat(before.holder("a")).isEmpty();
    }

    @Test
    @Tag("R.10")
    void r10_engineUndoesAGrantThatTheReplicaDoesNotConfirm() {
        var client = keep(io.interlock.LockClient.open(master.uri("waitReplicas=1&waitReplicasTimeout=200ms")));
        replica.pause();
        var lock = client.lock("a");
        assertThatThrownBy(lock::tryAcquire).isInstanceOf(LockBackendException.class);
        await().until(() -> client.holder("a").isEmpty());
        replica.resume();
        // a replica that has just been woken may be late
        await().ignoreExceptionsInstanceOf(LockBackendException.class)
                .until(() -> lock.tryAcquire().isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.10")
    void r10_renewalThatTheReplicaDoesNotConfirmProlongsNothing(String variant) throws InterruptedException {
        LockBackend before = backend(master, "variant=" + variant, "waitReplicas=1", "waitReplicasTimeout=2s");
        Grant grant = grant(before, request("a"));
        long until = grant.validUntil();
        replica.pause();
        assertThat(grant.renew(Spi.LEASE.multipliedBy(2))).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.validUntil()).isEqualTo(until);
        replica.resume();
        await().until(() -> grant.renew(Spi.LEASE) == RenewOutcome.RENEWED);
    }

    /** The wait of the server must not outlive the call, whatever the option says. */
    @Test
    @Tag("R.10")
    void waitForReplicasEndsWithTheCall() {
        LockBackend before = backend(master, "waitReplicas=1", "waitReplicasTimeout=1m", "callTimeout=30s");
        replica.pause();
        long began = System.nanoTime();
        var request = request("a", Spi.LEASE, Duration.ofMillis(500));
        assertThatThrownBy(() -> attempt(before, request, newOwner())).isInstanceOf(LockBackendException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    }

    @Test
    void refusalWaitsForNobody() throws InterruptedException {
        LockBackend before = backend(master, "waitReplicas=1", "waitReplicasTimeout=30s");
        grant(before, request("a"));
        replica.pause();
        long began = System.nanoTime();
        refused(attempt(before, request("a", Spi.LEASE, Duration.ofSeconds(30)), newOwner()));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"waitReplicas=0", "waitReplicas=101", "waitReplicasTimeout=0s", "waitReplicasTimeout=2m"})
    void badBoundIsRefusedWithItsKey(String setting) {
        assertThatThrownBy(() -> RedisSettings.options(LockConfig.of("redis://h?" + setting)))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(setting.substring(0, setting.indexOf('=')));
    }

    @Test
    void variantThatCanNotWaitRefusesTo() {
        var config = LockConfig.of("redis://h?variant=setnx-expire&allowUnsafe=true&waitReplicas=1");
        assertThatThrownBy(() -> RedisSettings.options(config))
                .isInstanceOf(LockConfigException.class)
                .hasMessage("waitReplicas = 1: not for setnx-expire; lua and set-nx-px can wait");
    }

    /** The master dies, and the replica, which hears nothing more of it, takes over. */
    private LockBackend failOver(String... settings) {
        master.kill();
        TestRedis.ask(replica, "REPLICAOF", "NO", "ONE");
        return backend(replica, settings);
    }

    private LockBackend backend(RedisServer server, String... settings) {
        return backend(TestRedis.uri(server.port(), settings));
    }

    private LockBackend backend(String uri) {
        var backend = keep(new RedisLockProvider().open(LockConfig.of(uri)));
        backend.start(keep(new TestContext()));
        return backend;
    }

    private static RedisServer start(String... settings) {
        var builder = RedisServer.builder().setting("repl-diskless-sync-delay 0");
        Stream.of(settings).forEach(builder::setting);
        return builder.start();
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }
}
