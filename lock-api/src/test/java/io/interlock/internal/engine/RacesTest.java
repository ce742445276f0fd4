// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.memory.MemoryLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real threads and real time on the memory backend: what may meet, meets, over and over, with a printed seed. */
class RacesTest {
    private static final int ROUNDS = 1000;

    private final long seed = Long.getLong("interlock.test.seed", 20261121);
    private final Random random = new Random(seed);
    private final MemoryLocks locks = MemoryLocks.create();
    private final LockClient one = locks.newClient();
    private final LockClient two = locks.newClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void nothingIsLeft() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> assertThat(locks.size()).as("seed %d", seed).isZero());
        one.close();
        two.close();
    }

    /** Busy for a seeded moment, so that the two sides of a race meet at every point of each other. */
    private void stagger(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void cancelRacingTheGrantDeliversOrGivesBack() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Lease held = one.lock("job").acquire();
            CompletableFuture<Lease> waiter = two.lock("job").acquireAsync();
            await().pollDelay(Duration.ZERO).until(() -> locks.waiters("job") == 1);
            var barrier = new CyclicBarrier(2);
            int spins = random.nextInt(2000);
            var canceller = threads.submit((Callable<Boolean>) () -> {
                barrier.await();
                stagger(spins);
                return waiter.cancel(true);
            });
            barrier.await();
            held.release();
            if (canceller.get()) {
                assertThat(one.lock("job")
                                .acquireAsync()
                                .get(10, TimeUnit.SECONDS)
                                .release())
                        .isNotNull();
            } else {
                waiter.join().release();
            }
        }
    }

    @Test
    void interruptRacingTheGrantDeliversOrLeavesTheLockFree() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Lease held = one.lock("job").acquire();
            var waiterThread = new CompletableFuture<Thread>();
            var waiter = threads.submit((Callable<Boolean>) () -> {
                waiterThread.complete(Thread.currentThread());
                try {
                    two.lock("job").acquire().release();
                    return true;
                } catch (InterruptedException ended) {
                    return false;
                } finally {
                    Thread.interrupted();
                }
            });
            await().pollDelay(Duration.ZERO).until(() -> locks.waiters("job") == 1);
            int spins = random.nextInt(2000);
            var interrupter = threads.submit(() -> {
                stagger(spins);
                waiterThread.join().interrupt();
            });
            held.release();
            waiter.get();
            interrupter.get();
            one.lock("job").acquireAsync().get(10, TimeUnit.SECONDS).release();
        }
    }

    @Test
    void releaseRacingItsOwnRenewalLeavesNothing() {
        var options = LockOptions.defaults().withLease(Duration.ofMillis(100));
        var leases = new ArrayList<Lease>();
        for (int round = 0; round < 200; round++) {
            leases.add(one.lock("job" + round, options).tryAcquire().orElseThrow());
        }
        long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
        while (System.nanoTime() < end && !leases.isEmpty()) { // renewals are due all the time
            leases.remove(random.nextInt(leases.size())).release();
            stagger(random.nextInt(20_000));
        }
        leases.forEach(Lease::release);
        assertThat(locks.size()).isZero();
    }

    @Test
    void aPlainCounterUnderTheLockLosesNoUpdate() throws Exception {
        var counter = new int[1]; // neither volatile nor atomic: the lock must order and publish
        var inside = new AtomicInteger();
        var workers = new ArrayList<Callable<Integer>>();
        for (int worker = 0; worker < 16; worker++) {
            LockClient client = worker % 2 == 0 ? one : two;
            workers.add(() -> {
                for (int i = 0; i < 200; i++) {
                    try (Lease lease = client.lock("job").acquire()) {
                        assertThat(inside.incrementAndGet()).isOne();
                        int read = counter[0];
                        Thread.yield();
                        counter[0] = read + 1;
                        inside.decrementAndGet();
                    }
                }
                return 0;
            });
        }
        for (var done : threads.invokeAll(workers)) {
            done.get();
        }
        assertThat(counter[0]).isEqualTo(16 * 200);
    }

    @Test
    void closingWhileManyAcquireLeavesNoOrphanAndNoHangingFuture() throws Exception {
        for (int round = 0; round < 50; round++) {
            LockClient client = locks.newClient();
            var futures = new ArrayList<CompletableFuture<Lease>>();
            for (int i = 0; i < 200; i++) {
                futures.add(client.lock("job" + i % 20).acquireAsync());
            }
            client.close();
            for (var future : futures) {
                future.handle((lease, failure) -> lease == null || !lease.isHeld())
                        .get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aThousandHeldLocksAreRenewedByFewThreads() {
        var options = LockOptions.defaults().withLease(Duration.ofSeconds(2));
        var leases = new ArrayList<Lease>();
        for (int i = 0; i < 1000; i++) {
            leases.add(one.lock("job" + i, options).tryAcquire().orElseThrow());
        }
        long renewals = locks.commandCount();
        await().until(() -> locks.commandCount() - renewals > 4000);
        assertThat(leases).allMatch(Lease::isHeld).allMatch(lease -> lease.state() != LeaseState.LOST);
        assertThat(threadsNamed("interlock-renewal")).hasSizeLessThanOrEqualTo(4);
        leases.forEach(Lease::release);
    }

    @Test
    void aClosedClientLeavesNoThread() {
        LockClient client = locks.newClient();
        var before = threadsNamed("interlock");
        client.lock("job").acquireAsync().join();
        client.close();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(threadsNamed("interlock")).isSubsetOf(before));
    }

    @Test
    void aLeaseThatIsForgottenIsFoundByTheGarbageCollector() {
        var options = LockOptions.defaults().withLease(Duration.ofMillis(900));
        var leaks = new ArrayList<String>();
        var logger = (ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger(LeaseTimers.class);
        logger.setLevel(ch.qos.logback.classic.Level.OFF);
        one.addListener(new io.interlock.LockListener() {
            @Override
            public void leaked(String lockName, String acquiredAt) {
                leaks.add(acquiredAt);
            }
        });
        assertThat(one.lock("job", options).tryAcquire()).isPresent(); // and dropped
        await().until(() -> {
            System.gc();
            return !leaks.isEmpty();
        });
        await().until(() -> !locks.isHeld("job"));
        logger.setLevel(null);
    }

    private static List<Thread> threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .toList();
    }
}
