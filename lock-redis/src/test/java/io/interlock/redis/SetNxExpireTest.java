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

import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The holes of setnx-expire, each entered by stopping a client between two of its commands. */
@Timeout(60)
class SetNxExpireTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final String VARIANT = "variant=" + TestRedis.SETNX_EXPIRE;

    private final FaultProxy proxy = redis.proxy();
    private final LockBackend far = redis.backendAt(proxy.port(), VARIANT);
    private final LockBackend near = redis.backend(VARIANT);

    @Test
    void entryIsTheOwnerIdAndTheHolderForPeopleToRead() throws InterruptedException {
        var grant = grant(near, request("a"));
        assertThat(redis.shell().get(TestRedis.key("a")))
                .isEqualTo(grant.owner() + " host=web-3&pid=4711&thread=worker-1&label=nightly");
    }

    @Test
    void hole_r01_clientThatDiesBeforeItSetsTheExpiryLeavesALockThatNeverEnds() throws Exception {
        proxy.hold("PEXPIRE");
        var dying = async(() -> attempt(far, request("a", Duration.ofMillis(100)), newOwner()));
        proxy.awaitHeld();
        proxy.cut();
        assertThat(dying).failsWithin(Duration.ofSeconds(20));
        assertThat(redis.shell().pttl(TestRedis.key("a"))).as("no expiry").isEqualTo(-1);
        refused(attempt(near, request("a"), newOwner()));
    }

    @Test
    void clientThatLivesOnUndoesTheEntryToWhichItCouldNotGiveAnExpiry() throws Exception {
        var lock = redis.keep(LockClient.open(TestRedis.uri(proxy.port(), VARIANT)))
                .lock("a");
        proxy.hold("PEXPIRE");
        var failing = async(lock::tryAcquire);
        proxy.awaitHeld();
        proxy.cut();
        assertThat(failing).failsWithin(Duration.ofSeconds(20));
        await().until(() -> redis.residue().isEmpty());
    }

    @Test
    void entryWhoseExpiryIsRefusedIsAmbiguousAndUndone() throws InterruptedException {
        redis.command("ACL", "SETUSER", "few", "on", ">pw", "~*", "&*", "+@all", "-pexpire");
        var few = redis.backend(VARIANT, "user=few", "password=pw");
        var owner = newOwner();
        assertThatThrownBy(() -> attempt(few, request("a"), owner))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue())
                .hasMessageContaining("half of it was carried out")
                .hasMessageContaining("NOPERM");
        assertThat(few.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.residue()).isEmpty();
        redis.command("ACL", "DELUSER", "few");
    }

    /** It would find its own entry in the last moment of that, and delete the next owner's. */
    @Test
    void releaseAfterTheEndIsNotSent() throws InterruptedException {
        var store = TestStores.own(redis.server().port());
        var options = RedisOptions.defaults().withUnsafeVariant(RedisOptions.Variant.SETNX_EXPIRE);
        var backend = redis.keep(new RedisBackend(store, options));
        var context = redis.keep(new TestContext());
        backend.start(context);
        var grant = grant(backend, request("a"));
        context.advance(Spi.LEASE);
        redis.resetCommandCounts();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(redis.commandCounts()).doesNotContainKeys("get", "del");
    }

    /** Between the look and the deletion it may end, and the next owner come. */
    @Test
    void undoLeavesAnEntryThatIsAboutToEndAndDeletesOneThatWouldNot() throws InterruptedException {
        var grant = grant(near, request("a"));
        long lastMoments = Durations.lastMoments(Spi.LEASE).toMillis();
        redis.shell().pexpire(TestRedis.key("a"), lastMoments);
        assertThat(near.undo(request("a"), grant.owner())).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(redis.residue()).containsExactly(TestRedis.key("a"));
        redis.shell().persist(TestRedis.key("a"));
        assertThat(near.undo(request("a"), grant.owner())).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.residue()).isEmpty();
    }

    @Test
    void hole_r02_releaseThatIsLateFreesTheLockOfTheNextOwner() throws Exception {
        var former = grant(far, request("a"));
        proxy.hold("DEL");
        var late = async(former::release);
        Grant next = takeOver();
        proxy.release();
        assertThat(late.join()).as("it believes that it was its own").isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(next.validUntil()).isGreaterThan(System.nanoTime());
        assertThat(grant(near, request("a"))).as("a second owner").isNotNull();
    }

    @Test
    void hole_r02_renewalThatIsLateMovesTheExpiryOfTheNextOwner() throws Exception {
        var former = grant(far, request("a"));
        proxy.hold("PEXPIRE");
        var late = async(() -> former.renew(Duration.ofSeconds(3)));
        takeOver();
        proxy.release();
        assertThat(late.join()).as("it believes that it was its own").isEqualTo(RenewOutcome.RENEWED);
        assertThat(redis.shell().pttl(TestRedis.key("a"))).isBetween(1L, 3_000L);
    }

    @Test
    void renewalInTimeTellsATakenLockFromOneThatIsGone() throws InterruptedException {
        var taken = grant(near, request("a"));
        var gone = grant(near, request("b"));
        redis.shell().del(TestRedis.key("a"), TestRedis.key("b"));
        grant(near, request("a"));
        assertThat(Spi.reasonOfLoss(taken)).isEqualTo(LossReason.TAKEN);
        assertThat(Spi.reasonOfLoss(gone)).isEqualTo(LossReason.DELETED);
        assertThat(redis.shell().exists(TestRedis.key("b"))).isFalse();
    }

    /** The held command has left its client, and the entry that it was meant for ends. */
    private Grant takeOver() throws InterruptedException {
        proxy.awaitHeld();
        redis.shell().del(TestRedis.key("a"));
        return grant(near, request("a"));
    }

    private static <T> CompletableFuture<T> async(Callable<T> call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return call.call();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }
}
