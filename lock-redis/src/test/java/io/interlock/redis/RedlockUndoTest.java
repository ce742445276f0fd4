// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is left of attempts and leases at nodes that answer late, or not at all. */
@Timeout(60)
class RedlockUndoTest {
    @RegisterExtension
    static final TestNodes nodes = new TestNodes();

    private static final Duration SHORT = Duration.ofSeconds(1);

    private List<FaultProxy> proxies;
    private LockBackend backend;

    @BeforeEach
    void open() throws InterruptedException {
        proxies = nodes.proxies();
        backend = nodes.backendAt(proxies.stream().map(FaultProxy::port).toList());
        Spi.grant(backend, request("warm")).release();
        // the third node is served behind the others' backs
        await().until(() -> nodes.holding("warm").isEmpty());
    }

    @Test
    @Tag("RL.03")
    void rl_03_refusedAttemptIsUndoneAlsoWhereItsReplyWasLost() throws Exception {
        nodes.occupy(0, "a");
        var owner = newOwner();
        proxies.get(2).goSilent();
        refused(attempt(backend, request("a", Spi.LEASE, SHORT), owner));
        await().untilAsserted(() -> assertThat(nodes.blocking("a", owner)).containsExactly(2));
        await().untilAsserted(() -> assertThat(nodes.holding("a")).containsExactly(0));
    }

    @Test
    @Tag("RL.03")
    void rl_03_refusedAttemptLeavesNothingAtAnyNode() throws Exception {
        nodes.occupy(0, "a");
        nodes.occupy(1, "a");
        refused(attempt(backend, request("a"), newOwner()));
        await().untilAsserted(() -> assertThat(nodes.holding("a")).containsExactly(0, 1));
    }

    @Test
    void requestThatArrivesAfterItsReleaseTakesNothing() throws Exception {
        var owner = newOwner();
        proxies.get(2).hold(owner.toString());
        var grant = granted(attempt(backend, request("a"), owner));
        proxies.get(2).awaitHeld();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        await().untilAsserted(() -> assertThat(nodes.blocking("a", owner)).containsExactly(2));
        letTheLateRequestThrough();
        assertThat(nodes.holding("a")).isEmpty();
    }

    @Test
    void requestThatArrivesAfterTheAttemptWasRefusedTakesNothing() throws Exception {
        nodes.occupy(0, "a");
        var owner = newOwner();
        proxies.get(2).hold(owner.toString());
        refused(attempt(backend, request("a", Spi.LEASE, SHORT), owner));
        await().untilAsserted(() -> assertThat(nodes.blocking("a", owner)).containsExactly(2));
        await().untilAsserted(() -> assertThat(nodes.holding("a")).containsExactly(0));
        letTheLateRequestThrough();
        assertThat(nodes.holding("a")).containsExactly(0);
    }

    @Test
    void requestThatArrivesAfterTheUndoOfAFailedAttemptTakesNothing() throws Exception {
        var owner = newOwner();
        var request = request("a", Spi.LEASE, SHORT);
        proxies.get(1).hold(owner.toString());
        proxies.get(2).hold(owner.toString());
        assertThatThrownBy(() -> attempt(backend, request, owner)).isInstanceOf(LockBackendException.class);
        assertThat(backend.undo(request, owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(nodes.blocking("a", owner)).containsExactly(0, 1, 2);
        letTheLateRequestThrough();
        proxies.get(1).release();
        assertThat(nodes.holding("a")).isEmpty();
    }

    @Test
    void undoThatANodeDoesNotAnswerIsNotDone() throws Exception {
        var owner = newOwner();
        granted(attempt(backend, request("a"), owner));
        nodes.server(2).kill();
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.NOT_HELD);
        assertThat(nodes.holding("a")).isEmpty();
        nodes.server(1).kill();
        assertThat(backend.undo(request("a"), owner)).isEqualTo(ReleaseOutcome.UNKNOWN);
    }

    @Test
    void nodeThatWasStoppedDuringTheReleaseIsAskedAgain() throws Exception {
        var owner = newOwner();
        var request = request("a", Spi.LEASE, SHORT);
        var grant = granted(attempt(backend, request, owner));
        await().untilAsserted(() -> assertThat(nodes.holding("a")).containsExactly(0, 1, 2));
        proxies.get(2).cut();
        nodes.server(2).pause();
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        proxies.get(2).cut(); // what was sent meanwhile is gone
        nodes.server(2).resume();
        await().untilAsserted(() -> assertThat(nodes.holding("a")).isEmpty());
    }

    private void letTheLateRequestThrough() throws InterruptedException {
        long before = nodes.scripts(2);
        proxies.get(2).release();
        await().until(() -> nodes.scripts(2) > before);
    }
}
