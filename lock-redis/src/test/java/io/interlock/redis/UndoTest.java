// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.LockOptions;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UndoTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final Duration SHORT = Duration.ofSeconds(1);

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void undoFreesWhatTheIdHolds(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        var owner = newOwner();
        granted(attempt(backend, request("a"), owner));
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void undoLeavesTheSuccessorAlone(String variant) throws InterruptedException {
        var backend = redis.backend("variant=" + variant);
        var successor = grant(backend, request("a"));
        backend.undo(request("a"), newOwner());
        assertThat(successor.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void luaBlocksAnUndoneIdForALease() throws InterruptedException {
        var backend = redis.backend();
        var owner = newOwner();
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        refused(attempt(backend, request("a"), owner));
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
        assertThat(redis.shell().pttl(TestRedis.key("a") + ":undone:" + owner)).isBetween(25_000L, 30_000L);
    }

    @Test
    void luaUndoIsDoneAlthoughTheKeyIsOfAnotherType() {
        redis.shell().rpush(TestRedis.key("a"), "mine");
        var owner = newOwner();
        assertThat(redis.backend().undo(request("a"), owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.shell().exists(TestRedis.key("a") + ":undone:" + owner))
                .isTrue();
        assertThat(redis.shell().lrange(TestRedis.key("a"), 0, -1)).containsExactly("mine");
    }

    @Test
    void setNxPxCannotBlockAnIdAndSaysSo() {
        var backend = redis.backend("variant=set-nx-px");
        assertThat(backend.undo(request("a"), newOwner())).isEqualTo(ReleaseOutcome.NOT_HELD);
    }

    @Test
    void luaRequestThatArrivesAfterItsUndoTakesNothing() throws Exception {
        var proxy = redis.proxy();
        var direct = redis.backend();
        var owner = newOwner();
        var request = request("a", Spi.LEASE, SHORT);
        loseTheRequest(redis.backendAt(proxy.port()), request, owner, proxy);
        assertThat(direct.undo(request, owner)).isEqualTo(ReleaseOutcome.RELEASED);
        redis.resetCommandCounts();
        proxy.release();
        await().until(() -> redis.commandCounts().containsKey("evalsha")
                || redis.commandCounts().containsKey("eval"));
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
    }

    @Test
    void setNxPxRequestThatArrivesAfterItsUndoIsFoundByTheNextUndo() throws Exception {
        var proxy = redis.proxy();
        var direct = redis.backend("variant=set-nx-px");
        var owner = newOwner();
        var request = request("a", Spi.LEASE, SHORT);
        loseTheRequest(redis.backendAt(proxy.port(), "variant=set-nx-px"), request, owner, proxy);
        assertThat(direct.undo(request, owner)).isEqualTo(ReleaseOutcome.NOT_HELD);
        proxy.release();
        await().until(() -> redis.shell().exists(TestRedis.key("a")));
        assertThat(direct.undo(request, owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(redis.shell().exists(TestRedis.key("a"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void renewalThatArrivesAfterTheReleaseBringsNothingBack(String variant) throws Exception {
        var proxy = redis.proxy();
        var owner = newOwner();
        var request = request("a", Spi.LEASE, SHORT);
        var grant = granted(attempt(redis.backendAt(proxy.port(), "variant=" + variant), request, owner));
        proxy.hold(owner.toString());
        assertThat(grant.renew(Spi.LEASE)).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        redis.resetCommandCounts();
        proxy.release();
        await().until(() -> redis.commandCounts().containsKey("evalsha")
                || redis.commandCounts().containsKey("eval"));
        assertThat(redis.residue()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lua", "set-nx-px"})
    void engineUndoesAnAcquisitionThatTimedOutOnAStoppedServer(String variant) {
        var lease = LockOptions.defaults().withLease(Duration.ofSeconds(60));
        var lock = redis.client("variant=" + variant, "callTimeout=1s").lock("a", lease);
        redis.server().pause();
        assertThatThrownBy(lock::tryAcquire)
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        redis.server().resume();
        var other = redis.client("variant=" + variant).lock("a");
        await().atMost(Duration.ofSeconds(20)).until(() -> other.tryAcquire().isPresent());
    }

    private static void loseTheRequest(LockBackend backend, LockRequest request, OwnerId owner, FaultProxy proxy)
            throws InterruptedException {
        proxy.hold(owner.toString());
        assertThatThrownBy(() -> attempt(backend, request, owner))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        proxy.awaitHeld();
    }
}
