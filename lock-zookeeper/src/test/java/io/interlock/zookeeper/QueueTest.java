// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LockClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue in the ensemble, seen from outside: watches, foreign nodes, nodes that vanish. */
class QueueTest {
    private static final String OTHER = "00000000000000000000000000000001";

    private final Ground ground = Ground.shared();

    @AfterEach
    void end() throws Exception {
        ground.close();
    }

    private CompletableFuture<Lease> queued(LockClient client, int length) {
        CompletableFuture<Lease> waiter = client.lock("job").acquireAsync();
        await().until(() -> ground.line("job").size() == length);
        return waiter;
    }

    @Test
    void eachWaiterWatchesItsPredecessorAndNobodyElse() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        LockClient client = ground.client();
        for (int length = 2; length <= 6; length++) {
            queued(client, length);
        }
        List<ContenderNode> line = ground.line("job");
        for (int i = 0; i < 6; i++) {
            String path = ground.paths("job").child(line.get(i).name());
            int watchers = i < 5 ? 1 : 0;
            await().untilAsserted(() -> assertThat(ground.watches(path)).isEqualTo(watchers));
        }
        assertThat(ground.watches(ground.paths("job").lock())).isZero();
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void whoLeavesTakesItsWatchAlong() throws Exception {
        assertThat(ground.client().lock("job").tryAcquire()).isPresent();
        String holder = ground.paths("job").child(ground.line("job").get(0).name());
        CompletableFuture<Lease> waiter = queued(ground.client(), 2);
        await().untilAsserted(() -> assertThat(ground.watches(holder)).isEqualTo(1));
        waiter.cancel(true);
        await().untilAsserted(() -> assertThat(ground.watches(holder)).isZero());
        await().until(() -> ground.line("job").size() == 1);
    }

    @Test
    @Tag("Z.03")
    void aPredecessorThatWasNotTheHolderLeavesTheLockToTheHolder() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        CompletableFuture<Lease> second = queued(ground.client(), 2);
        CompletableFuture<Lease> third = queued(ground.client(), 3);
        List<ContenderNode> line = ground.line("job");
        String holder = ground.paths("job").child(line.get(0).name());
        ground.delete("job", line.get(1));
        // the third watches the holder now, beside the second, which has not yet seen that it must queue again
        await().until(() -> ground.watches(holder) == 2);
        assertThat(third).isNotDone();
        assertThat(second).isNotDone();
        lease.release();
        assertThat(third.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    @Test
    @Tag("Z.10")
    void aWaiterWhoseNodeIsDeletedQueuesAgainAtTheEnd() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        CompletableFuture<Lease> second = queued(ground.client(), 2);
        CompletableFuture<Lease> third = queued(ground.client(), 3);
        ContenderNode lost = ground.line("job").get(1);
        ground.delete("job", lost);
        lease.release(); // which is what wakes the one whose node was deleted
        Lease next = third.get(5, TimeUnit.SECONDS);
        await().until(() -> ground.line("job").size() == 2);
        next.release();
        assertThat(second.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    @Test
    @Tag("Z.06")
    void foreignChildrenCountForNothing() throws Exception {
        ground.create(ground.paths("job").child("a-note"));
        ground.create(ground.paths("job").child("lease-x-0000000000"));
        ground.hand()
                .create()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath(ground.paths("job").child("_c_" + OTHER + "-lock-"));
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        CompletableFuture<Lease> waiter = queued(ground.client(), 2);
        lease.release();
        assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
        assertThat(ground.children(ground.paths("job").lock()))
                .contains("a-note", "lease-x-0000000000")
                .hasSize(4);
    }

    @Test
    @Tag("Z.04")
    void theFirstInLineIsTheFirstByNumberOverTheWrap() throws Exception {
        ground.create(ground.paths("job").lock());
        String last = ground.paths("job").contender(OTHER) + Integer.MAX_VALUE;
        ground.hand().create().withMode(CreateMode.EPHEMERAL).forPath(last);
        // ZooKeeper counts on from the number of children made so far, which is far behind: our node is the first
        Lease lease = ground.client().lock("job").acquire(Duration.ofSeconds(5));
        assertThat(ground.line("job").get(1).sequence()).isEqualTo(Integer.MAX_VALUE);
        lease.release();
    }

    @Test
    void aBurstOfTriesHasOneWinner() {
        var clients = new ArrayList<LockClient>();
        for (int i = 0; i < 4; i++) {
            clients.add(ground.client());
        }
        for (int round = 0; round < 20; round++) {
            var tries = new ArrayList<CompletableFuture<Integer>>();
            var leases = new java.util.concurrent.ConcurrentLinkedQueue<Lease>();
            for (LockClient client : clients) {
                tries.add(CompletableFuture.supplyAsync(() -> {
                    client.lock("job").tryAcquire().ifPresent(leases::add);
                    return 0;
                }));
            }
            tries.forEach(CompletableFuture::join);
            assertThat(leases).hasSizeLessThanOrEqualTo(1);
            leases.forEach(Lease::release);
        }
    }

    @Test
    void unfairThreadsOfOneClientShareOneNode() throws Exception {
        Lease lease = ground.client().lock("job").tryAcquire().orElseThrow();
        LockClient unfair = ground.client("&fair=false");
        var waiters = new ArrayList<CompletableFuture<Lease>>();
        for (int i = 0; i < 5; i++) {
            waiters.add(unfair.lock("job").acquireAsync());
        }
        await().until(() -> ground.line("job").size() == 2);
        assertThat(ground.line("job")).hasSize(2);
        lease.release();
        CompletableFuture.anyOf(waiters.toArray(new CompletableFuture<?>[0])).get(5, TimeUnit.SECONDS);
        assertThat(waiters.stream().filter(CompletableFuture::isDone)).hasSize(1);
    }
}
