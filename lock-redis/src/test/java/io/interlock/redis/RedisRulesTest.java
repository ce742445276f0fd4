// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of the Redis annex, R.01 to R.10, for the variants that keep them; a test that begins with {@code r01} is of
 * rule R.01. Others are where their subject is: R.04 in {@link StoreErrorsTest}, R.05 in {@link WakeUpTest}, R.07 in
 * {@link LockKeysTest} and ClusterTest, R.10 in ReplicationTest. How the unsafe variants break R.01 and
 * R.02 is shown by {@link SetNxExpireTest} and {@link SetNxTimestampTest}.
 */
@Timeout(60)
class RedisRulesTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @AfterEach
    void lowerNoLimit() {
        redis.command("CONFIG", "SET", "maxmemory", "0");
        redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }

    /** The only request of an acquisition is carried out and its reply lost: what it leaves has an expiry. */
    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.01")
    void r01_valueAndExpiryAreSetInOneStep(String variant) {
        var proxy = redis.proxy();
        var backend = redis.backendAt(proxy.port(), "variant=" + variant);
        var owner = newOwner();
        proxy.goSilent();
        var pending = CompletableFuture.runAsync(() -> attemptUnchecked(backend, owner));
        assertThat(pending).failsWithin(Duration.ofSeconds(20));
        assertThat(redis.shell().pttl(TestRedis.key("a")))
                .isBetween(1L, Duration.ofSeconds(5).toMillis());
    }

    private static void attemptUnchecked(LockBackend backend, io.interlock.spi.OwnerId owner) {
        try {
            attempt(backend, request("a", Duration.ofSeconds(5), Duration.ofMillis(300)), owner);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.02")
    void r02_releaseThatIsLateLeavesTheNextOwnerAlone(String variant) throws Exception {
        var late = new Late(variant);
        var release = CompletableFuture.supplyAsync(late.former::release);
        late.arriveAfterTakeover();
        assertThat(release.join()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(late.next.renew(Spi.LEASE)).isEqualTo(RenewOutcome.RENEWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.02")
    void r02_renewalThatIsLateLeavesTheNextOwnerAlone(String variant) throws Exception {
        var late = new Late(variant);
        var renewal = CompletableFuture.supplyAsync(() -> late.former.renew(Duration.ofSeconds(3)));
        late.arriveAfterTakeover();
        assertThat(renewal.join()).isEqualTo(RenewOutcome.LOST);
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isGreaterThan(3_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    @Tag("R.03")
    void r03_scriptsThatTheServerForgotAreSentAgain(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        redis.command("SCRIPT", "FLUSH");
        var grant = grant(backend, request("a"));
        redis.command("SCRIPT", "FLUSH");
        assertThat(grant.renew(Duration.ofSeconds(20))).isEqualTo(RenewOutcome.RENEWED);
        redis.command("SCRIPT", "FLUSH");
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.residue()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    @Tag("R.06")
    void r06_deletedEntryIsALoss(String variant) throws InterruptedException {
        var grant = grant(redis.backend("variant=" + variant), request("a"));
        redis.shell().del(TestRedis.key("a"));
        assertThat(Spi.reasonOfLoss(grant)).isEqualTo(LossReason.DELETED);
        assertThat(redis.residue()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    @Tag("R.06")
    void r06_renamedEntryIsALossAndStaysWhereItIs(String variant) throws InterruptedException {
        var grant = grant(redis.backend("variant=" + variant), request("a"));
        redis.shell().rename(TestRedis.key("a"), "elsewhere");
        assertThat(Spi.reasonOfLoss(grant)).isEqualTo(LossReason.DELETED);
        assertThat(redis.residue()).containsExactly("elsewhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    @Tag("R.06")
    void r06_evictedEntryIsALoss(String variant) throws InterruptedException {
        var grant = grant(redis.backend("variant=" + variant), request("a"));
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(Spi.reasonOfLoss(grant)).isEqualTo(LossReason.DELETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    @Tag("R.08")
    void r08_namesWithBracesAreLocksOfTheirOwn(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        for (String name : List.of("a", "{a}", "{}", "{x}a", "{x}b", "}a", "a{", "{a", "{{a}}")) {
            grant(backend, request(name));
            refused(attempt(backend, request(name), newOwner()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px", TestRedis.SETNX_EXPIRE, TestRedis.SETNX_TIMESTAMP})
    @Tag("R.09")
    void r09_everyAcquisitionHasARandomIdOfItsOwnInTheEntry(String variant) {
        var ids = new HashSet<String>();
        var lock = redis.client("variant=" + variant).lock("a");
        for (int round = 0; round < 20; round++) {
            try (var lease = lock.tryAcquire().orElseThrow()) {
                assertThat(lease.isHeld()).isTrue();
                ids.add(ownerInStore(variant));
            }
        }
        assertThat(ids).hasSize(20).allSatisfy(id -> assertThat(id).matches("[0-9a-f]{32}"));
    }

    private static String ownerInStore(String variant) {
        if (variant.equals("lua")) {
            return redis.shell().hget(TestRedis.key("a"), "owner");
        }
        String text = redis.shell().get(TestRedis.key("a"));
        return text.split(" ", -1)[variant.startsWith("setnx-timestamp") ? 1 : 0];
    }

    /** A grant whose next command is kept back until another client owns the lock. */
    private static final class Late {
        private final FaultProxy proxy = redis.proxy();
        private final LockBackend near;
        private final Grant former;
        private Grant next;

        Late(String variant) throws InterruptedException {
            near = redis.backend("variant=" + variant);
            former = grant(redis.backendAt(proxy.port(), "variant=" + variant), request("a"));
            proxy.hold(former.owner().toString());
        }

        void arriveAfterTakeover() throws InterruptedException {
            proxy.awaitHeld();
            redis.shell().del(TestRedis.key("a"));
            next = grant(near, request("a"));
            proxy.release();
        }
    }
}
