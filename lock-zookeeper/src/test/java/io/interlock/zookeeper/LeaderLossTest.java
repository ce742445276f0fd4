// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.servers.ZooKeeperEnsemble;
import io.interlock.servers.ZooKeeperServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Three servers, of which the leading one goes, with a holder and waiters. */
class LeaderLossTest {
    private static final String NAME = "led";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @AutoClose
    private final ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start();

    private final List<LockClient> clients = new ArrayList<>();

    @AfterEach
    void closeClients() {
        clients.forEach(LockClient::close);
    }

    @Test
    void holdSurvivesAndWaitersAreServedInTheirOrder() throws Exception {
        Lease held = lock().tryAcquire().orElseThrow();
        var states = new CopyOnWriteArrayList<LeaseState>();
        held.onStateChange(change -> states.add(change.state()));
        List<CompletableFuture<Lease>> waiters = waiters(3);

        killTheLeader();

        assertThat(lock().tryAcquire()).as("the lock is held over the election").isEmpty();
        await().atMost(PATIENCE).until(held::isHeld);
        assertThat(states).doesNotContain(LeaseState.LOST);
        assertThat(waiters).noneMatch(CompletableFuture::isDone);
        long last = held.fencingToken();
        held.release();
        for (CompletableFuture<Lease> waiter : waiters) {
            Lease next = waiter.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(next.fencingToken()).isGreaterThan(last);
            last = next.fencingToken();
            next.release();
        }
    }

    @Test
    void tokensGoOnIncreasingUnderEachNewLeader() throws Exception {
        long last = 0;
        for (int i = 0; i < 3; i++) {
            for (int grant = 0; grant < 5; grant++) {
                last = takeAndRelease(last);
            }
            ZooKeeperServer gone = killTheLeader();
            last = takeAndRelease(last);
            gone.restart();
            ensemble.awaitQuorum();
        }
    }

    /** A leader that stands still comes back and believes for a moment that it leads. */
    @Test
    void leaderThatStoodStillBringsNothingBack() throws Exception {
        Lease held = lock().tryAcquire().orElseThrow();
        List<CompletableFuture<Lease>> waiters = waiters(1);
        ZooKeeperServer paused = ensemble.leader();
        paused.pause();
        assertThat(ensemble.leader()).isNotSameAs(paused);
        await().atMost(PATIENCE).until(held::isHeld);
        held.release();
        Lease next = waiters.get(0).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        paused.resume();
        ensemble.awaitQuorum();
        assertThat(lock().tryAcquire()).isEmpty();
        assertThat(next.fencingToken()).isGreaterThan(held.fencingToken());
        next.release();
    }

    private long takeAndRelease(long last) throws InterruptedException {
        try (Lease lease = lock().acquire(PATIENCE)) {
            assertThat(lease.fencingToken()).isGreaterThan(last);
            return lease.fencingToken();
        }
    }

    private ZooKeeperServer killTheLeader() {
        ZooKeeperServer leader = ensemble.leader();
        leader.kill();
        assertThat(ensemble.leader()).isNotSameAs(leader);
        ensemble.awaitQuorum();
        return leader;
    }

    /** One after the other, each of its own client. */
    private List<CompletableFuture<Lease>> waiters(int count) {
        var waiters = new ArrayList<CompletableFuture<Lease>>();
        for (int i = 1; i <= count; i++) {
            waiters.add(lock().acquireAsync(PATIENCE.multipliedBy(2)));
            int queued = i;
            await().until(() -> watches() == queued);
        }
        return waiters;
    }

    private long watches() {
        return ensemble.members().stream()
                .flatMap(member -> member.ask("wchp").lines())
                .filter(line -> line.strip().startsWith("0x"))
                .count();
    }

    private DistributedLock lock() {
        var client = LockClient.open(ensemble.uri() + "?session=20s&tickTime=100ms&callTimeout=10s");
        clients.add(client);
        return client.lock(NAME);
    }
}
