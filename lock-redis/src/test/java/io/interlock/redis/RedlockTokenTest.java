// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.blockRequest;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.interlock.spi.LockBackend;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class RedlockTokenTest {
    @RegisterExtension
    static final TestNodes nodes = new TestNodes();

    /** As a node would have it whose clock is ahead of the others'. */
    private static final long AHEAD = 9_007_199_254_740_000L;

    private LockBackend backend;

    @BeforeEach
    void open() {
        backend = nodes.backend();
    }

    @Test
    void tokenIsTheLargestCandidateAndIsAgreedOnByAll() throws InterruptedException {
        nodes.occupy(1, "a");
        setFence(2);
        assertThat(grant(backend, request("a")).fencingToken()).isEqualTo(AHEAD + 1);
        assertThat(fence(0)).isEqualTo(AHEAD + 1);
        assertThat(nodes.shell(0).hget(TestRedis.key("a"), "token")).isEqualTo(Long.toString(AHEAD + 1));
    }

    /** The node that gave the largest candidate is gone when the next holder comes. */
    @Test
    void tokenIsLargerWhoeverMakesUpTheMajority() throws InterruptedException {
        nodes.occupy(1, "a");
        setFence(2);
        var first = grant(backend, request("a"));
        first.release();
        nodes.shell(1).del(TestRedis.key("a"));
        nodes.server(2).kill();
        assertThat(grant(backend, request("a")).fencingToken()).isGreaterThan(first.fencingToken());
    }

    @Test
    void blockIsReservedAtAllNodes() throws InterruptedException {
        nodes.occupy(1, "a");
        setFence(2);
        var first = grant(backend, blockRequest("a", 5));
        assertThat(fence(0)).isEqualTo(first.fencingToken() + 4);
        first.release();
        nodes.shell(1).del(TestRedis.key("a"));
        nodes.server(2).kill();
        assertThat(grant(backend, request("a")).fencingToken()).isEqualTo(AHEAD + 6);
    }

    @Test
    void fenceThatWasRaisedIsKeptUntilADayAfterTheNodesOwnClockHasPassedIt() throws InterruptedException {
        nodes.occupy(1, "a");
        setFence(2);
        long token = grant(backend, request("a")).fencingToken();
        long dies = nodes.shell(0).pexpireTime(TestRedis.key("a") + ":fence");
        assertThat(dies).isCloseTo(token / 1000 + Duration.ofDays(1).toMillis(), within(1000L));
    }

    @Test
    void lateNodeLearnsTheToken() throws Exception {
        var proxies = nodes.proxies();
        var far = nodes.backendAt(proxies.stream().map(FaultProxy::port).toList());
        grant(far, request("warm")).release();
        var owner = newOwner();
        setFence(2);
        proxies.get(2).hold(owner.toString());
        var grant = Spi.granted(Spi.attempt(far, request("a"), owner));
        assertThat(grant.fencingToken()).isLessThan(AHEAD);
        proxies.get(2).awaitHeld();
        proxies.get(2).release();
        await().untilAsserted(() -> assertThat(nodes.shell(2).hget(TestRedis.key("a"), "token"))
                .isEqualTo(Long.toString(grant.fencingToken())));
        assertThat(far.holder("a").orElseThrow().fencingToken()).hasValue(grant.fencingToken());
    }

    @Test
    void confirmationNeedsTheGrantThatItIsOf() throws InterruptedException {
        var owner = newOwner();
        var options = RedisOptions.defaults();
        var store = TestStores.own(nodes.server(0).port());
        var node = nodes.keep(new RedlockNode(0, store, options, Duration.ZERO, 1));
        var vote = (RedlockVote.Granted) node.vote(request("a"), owner, Spi.CALL_TIMEOUT);
        long token = vote.candidate() + 1000;
        assertThat(confirm(node, newOwner(), vote.candidate(), token)).isFalse();
        assertThat(confirm(node, owner, vote.candidate() - 1, token)).isFalse();
        assertThat(fence(0)).isEqualTo(vote.candidate());
        assertThat(confirm(node, owner, vote.candidate(), token)).isTrue();
        assertThat(confirm(node, owner, vote.candidate(), token)).isTrue();
        assertThat(fence(0)).isEqualTo(token);
    }

    private static boolean confirm(RedlockNode node, OwnerId owner, long candidate, long token)
            throws InterruptedException {
        return node.confirm(request("a"), owner, candidate, token, Spi.CALL_TIMEOUT);
    }

    private static void setFence(int node) {
        nodes.shell(node).set(TestRedis.key("a") + ":fence", Long.toString(AHEAD));
    }

    private static long fence(int node) {
        return Long.parseLong(nodes.shell(node).get(TestRedis.key("a") + ":fence"));
    }
}
