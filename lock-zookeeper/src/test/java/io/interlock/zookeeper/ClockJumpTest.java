// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.HolderInfo;
import io.interlock.Registration;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine's clock goes forward by an hour, as when this machine's wall clock is set; the ensemble's does not. */
@Timeout(60)
class ClockJumpTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    @AutoClose
    private final Ground ground = Ground.shared();

    @AutoClose
    private final JumpingContext context = new JumpingContext();

    private LockBackend backend;

    @BeforeEach
    void start() {
        var options =
                ZooKeeperOptions.defaults().withNamespace(ground.namespace()).withTickTime(Duration.ofMillis(200));
        backend = ground.keep(ZooKeeperLocks.backend(ground.framework(20_000), options));
        backend.start(context);
    }

    @Test
    void aRenewalAfterAJumpMakesTheGrantValidAgain() throws InterruptedException {
        Grant grant = granted();
        context.jump();
        assertThat(grant.validUntil()).isLessThan(context.nanoTime());
        assertThat(grant.renew(LEASE)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(grant.validUntil()).isGreaterThan(context.nanoTime());
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    /** Or the next container's tokens, which begin with the ensemble's clock, would be smaller. */
    @Test
    void aJumpWhileALockIsHeldDoesNotGetIntoItsTokens() throws Exception {
        Grant grant = granted();
        context.jump();
        grant.renew(LEASE);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        long inAMinute = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() + 60_000);
        assertThat(ground.fence("job").orElseThrow().value()).isLessThan(inAMinute);
    }

    private Grant granted() throws InterruptedException {
        var holder = new HolderInfo("host", 1, "thread", Optional.empty(), Optional.empty(), OptionalLong.empty());
        var request = new LockRequest("job", LEASE, false, 1, holder, Duration.ofSeconds(5));
        try (Contender contender = backend.contend(request, () -> {})) {
            Attempt attempt = contender.attempt(OwnerId.random(context.random()));
            assertThat(attempt).isInstanceOf(Attempt.Granted.class);
            return ((Attempt.Granted) attempt).grant();
        }
    }

    private static final class JumpingContext implements BackendContext, AutoCloseable {
        private final AtomicLong ahead = new AtomicLong();
        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2, task -> {
            var thread = new Thread(task, "test-timer");
            thread.setDaemon(true);
            return thread;
        });

        void jump() {
            ahead.addAndGet(Duration.ofHours(1).toNanos());
        }

        @Override
        public long nanoTime() {
            return System.nanoTime() + ahead.get();
        }

        @Override
        public Registration schedule(Runnable task, Duration delay) {
            var future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public Executor ioExecutor() {
            return timer;
        }

        @Override
        public RandomGenerator random() {
            return RandomGenerator.getDefault();
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
