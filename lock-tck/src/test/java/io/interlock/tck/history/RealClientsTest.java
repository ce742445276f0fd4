// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.RenewalMode;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What threads do with real clients of the in-memory store is recorded and found valid. */
@Timeout(60)
final class RealClientsTest {
    private static final LockOptions OPTIONS = LockOptions.defaults().withLease(Duration.ofMillis(100));
    private static final LockOptions LONG = OPTIONS.withLease(Duration.ofSeconds(30));
    private static final HistoryHeader HEADER =
            HistoryHeader.of("memory", 1, Duration.ofMillis(100), Timing.defaults());

    private final MemoryLocks store = MemoryLocks.create();
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final List<LockClient> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
        clients.forEach(LockClient::close);
    }

    @RepeatedTest(3)
    void contentionIsValid() throws Exception {
        run(client -> rounds(client, 120, false));
        check(HEADER);
    }

    @RepeatedTest(3)
    void faultsAreValid() throws Exception {
        run(client -> rounds(client, 60, true));
        check(HEADER.withLateGrants(Duration.ofMillis(100)));
    }

    @Test
    void aClientThatIsClosedGivesItsGrantsUp() throws Exception {
        LockClient first = client();
        LockClient second = client();
        recorder.lock("first", first.lock("lock", OPTIONS)).acquire();
        Future<RecordedLease> waiting = threads.submit(
                () -> recorder.lock("second", second.lock("lock", OPTIONS)).acquire());
        recorder.killed("first");
        first.close();
        waiting.get(5, TimeUnit.SECONDS).release();
        check(HEADER);
    }

    @Test
    void anEntryThatIsDeletedFromOutsideEndsTheGrant() throws Exception {
        RecordedLock first = recorder.lock("first", client().lock("lock", LONG));
        RecordedLock second = recorder.lock("second", client().lock("lock", LONG));
        RecordedLease lost = first.acquire();
        Op expire = recorder.expire("lock");
        assertThat(store.expire("lock")).isTrue();
        expire.ok();
        second.acquire().release();
        lost.release();
        check(HEADER);
    }

    @Test
    void anEntryThatIsDeletedSilentlyIsAViolation() throws Exception {
        RecordedLock first = recorder.lock("first", client().lock("lock", LONG));
        RecordedLock second = recorder.lock("second", client().lock("lock", LONG));
        first.acquire();
        assertThat(store.expire("lock")).isTrue();
        second.acquire().release();
        assertThat(HistoryChecker.standard().check(recorder.history(HEADER)).findings())
                .extracting(Finding::sentence)
                .anyMatch(sentence -> sentence.startsWith("14.01 lock 'lock': second"));
    }

    private interface Body {
        void run(int client) throws Exception;
    }

    private void run(Body body) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            int number = client;
            clients.add(store.newClient());
            running.add(threads.submit(() -> {
                body.run(number);
                return null;
            }));
        }
        for (Future<?> thread : running) {
            thread.get();
        }
    }

    private void rounds(int client, int rounds, boolean faults) throws InterruptedException {
        var random = new Random(client);
        for (int round = 0; round < rounds; round++) {
            String name = "lock-" + random.nextInt(2);
            LockOptions options = random.nextBoolean() ? OPTIONS : OPTIONS.withRenewal(RenewalMode.NONE);
            RecordedLock lock = recorder.lock("c" + client, clients.get(client).lock(name, options));
            if (faults) {
                fault(random.nextInt(20));
            }
            try {
                Optional<RecordedLease> lease = random.nextInt(3) == 0
                        ? lock.tryAcquire()
                        : lock.tryAcquire(Duration.ofMillis(random.nextInt(15)));
                if (lease.isPresent()) {
                    hold(lease.get(), random);
                }
            } catch (LockBackendException wanted) {
                boolean late = wanted.getMessage().contains("was used up"); // the machine was busy for a lease
                assertThat(faults || late).as(wanted.getMessage()).isTrue();
            }
        }
    }

    private void hold(RecordedLease lease, Random random) {
        switch (random.nextInt(25)) {
            case 0 -> pauseUntilOver(lease.lease());
            case 1, 2, 3 -> lease.renew(Duration.ofMillis(100 + random.nextInt(100)));
            case 4, 5, 6 -> lease.observe();
            case 7 -> Thread.currentThread().interrupt();
            default -> LockSupport.parkNanos(random.nextInt(2_000_000));
        }
        lease.release();
        Thread.interrupted();
    }

    private static void pauseUntilOver(Lease lease) {
        long end = System.nanoTime() + Duration.ofMillis(130).toNanos();
        while (System.nanoTime() < end && lease.isHeld()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void fault(int which) {
        switch (which) {
            case 0 -> store.loseNextReply();
            case 1 -> store.loseNextRequest();
            case 2 -> store.loseNextReleaseReply();
            default -> {}
        }
    }

    private LockClient client() {
        LockClient client = store.newClient();
        clients.add(client);
        return client;
    }

    private void check(HistoryHeader header) {
        CheckResult result = HistoryChecker.standard().check(recorder.history(header));
        assertThat(result.findings()).isEmpty();
        assertThat(result.counts().grants()).isPositive();
    }
}
