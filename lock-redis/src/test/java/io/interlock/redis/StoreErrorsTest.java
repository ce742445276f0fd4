// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static io.interlock.redis.Spi.waitingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.servers.RedisServer;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

class StoreErrorsTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @AfterEach
    void healServer() {
        redis.server().resume();
        redis.command("REPLICAOF", "NO", "ONE");
        redis.command("CONFIG", "SET", "maxmemory", "0");
        redis.command("ACL", "DELUSER", "few");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    @Tag("R.04")
    void r04_userKeyOfAnotherTypeIsAClearErrorAndStaysAsItIs(String variant) {
        redis.shell().rpush(TestRedis.key("a"), "mine");
        var backend = redis.backend("variant=" + variant);
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "WRONGTYPE", "lock 'a'");
        assertRefused(() -> attempt(backend, waitingRequest("a"), newOwner()), "WRONGTYPE", "lock 'a'");
        assertRefused(() -> backend.holder("a"), "WRONGTYPE", "lock 'a'");
        assertThat(redis.shell().lrange(TestRedis.key("a"), 0, -1)).containsExactly("mine");
        assertThat(redis.shell().keys("*")).hasSize(1);
    }

    @Test
    @Tag("R.04")
    void userHashIsAClearErrorAndStaysAsItIs() {
        redis.shell().hset(TestRedis.key("a"), "colour", "red");
        var backend = redis.backend();
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "WRONGTYPE", "no lock made");
        assertThat(redis.shell().hgetAll(TestRedis.key("a"))).containsExactly(Map.entry("colour", "red"));
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    void userTextIsAClearErrorAndStaysAsItIs(String variant) {
        redis.shell().set(TestRedis.key("a"), "mine");
        var backend = redis.backend("variant=" + variant);
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "no lock made");
        assertThat(redis.shell().get(TestRedis.key("a"))).isEqualTo("mine");
    }

    @Test
    void userTextAtTheFenceIsAClearErrorAndStaysAsItIs() {
        redis.shell().set(TestRedis.key("a") + ":fence", "mine");
        var backend = redis.backend();
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "WRONGTYPE", "fence");
        assertThat(redis.shell().get(TestRedis.key("a") + ":fence")).isEqualTo("mine");
        assertThat(redis.residue()).isEmpty();
    }

    /** Tokens end, and never begin again. */
    @Test
    void fenceAtItsEndIsAClearErrorAndGrantsNothing() throws InterruptedException {
        redis.shell().set(TestRedis.key("a") + ":fence", "9007199254740990");
        var backend = redis.backend();
        Grant last = grant(backend, request("a"));
        assertThat(last.fencingToken()).isEqualTo(9_007_199_254_740_991L);
        last.release();
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "lock 'a'", "the fence is at its end");
        assertThat(redis.shell().get(TestRedis.key("a") + ":fence")).isEqualTo("9007199254740991");
        assertThat(redis.residue()).isEmpty();
    }

    @Test
    void variantsOfOneNamespaceRefuseEachOthersEntries() throws InterruptedException {
        var lua = redis.backend();
        var plain = redis.backend("variant=set-nx-px");
        grant(lua, request("a"));
        grant(plain, request("b"));
        assertRefused(() -> attempt(plain, request("a"), newOwner()), "WRONGTYPE");
        assertRefused(() -> attempt(lua, request("b"), newOwner()), "WRONGTYPE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void readOnlyReplicaIsAClearErrorAndNothingIsLeft(String variant) {
        var backend = redis.backend("variant=" + variant);
        redis.command("REPLICAOF", "127.0.0.1", "1");
        assertRefused(
                () -> attempt(backend, request("a"), newOwner()),
                "READONLY",
                Integer.toString(redis.server().port()));
        assertThat(redis.shell().keys("*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void fullServerIsAClearErrorAndNothingIsLeft(String variant) {
        var backend = redis.backend("variant=" + variant);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "OOM", "lock 'a'");
        assertThat(redis.shell().keys("*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void fullServerStillRenewsAndReleases(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        var grant = grant(backend, request("a"));
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void undoOnAFullServerFreesTheLock() throws InterruptedException {
        var backend = redis.backend();
        var owner = newOwner();
        attempt(backend, request("a"), owner);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
    }

    /** A script that fails half-way must not leave a lock that never expires. */
    @Test
    void userWhoMayNotSetAnExpiryIsRefusedAndNoLockIsLeft() {
        var backend = backendOf("few", "~*", "&*", "+@all", "-pexpire");
        assertRefused(() -> attempt(backend, request("a"), newOwner()), "lock 'a'");
        assertThat(redis.residue()).isEmpty();
    }

    @Test
    void userWhoMayNotPublishStillReleases() throws InterruptedException {
        var backend = backendOf("few", "~*", "resetchannels", "+@all");
        var grant = grant(backend, request("a"));
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.residue()).isEmpty();
    }

    @Test
    void tooManyClientsIsAClearError() {
        try (var small = RedisServer.builder().setting("maxclients 1").start();
                var only = RedisClient.create(small.host(), small.port())) {
            only.ping();
            assertRefused(() -> redis.backendAt(small.port()), "max number of clients", "127.0.0.1:" + small.port());
        }
    }

    @Test
    void stoppedServerIsAmbiguousAndNamesTheTimeout() {
        var backend = redis.backend();
        redis.server().pause();
        assertThatThrownBy(() -> attempt(backend, request("a", Spi.LEASE, Duration.ofMillis(200)), newOwner()))
                .hasMessageContaining("200 ms")
                .hasMessageContaining("acquire of lock 'a'")
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
    }

    private static LockBackend backendOf(String user, String... rules) {
        var acl = new ArrayList<>(List.of("SETUSER", user, "reset", "on", ">pw"));
        acl.addAll(List.of(rules));
        redis.command("ACL", acl.toArray(String[]::new));
        return redis.backend("user=" + user, "password=pw");
    }

    private static void assertRefused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse());
    }
}
