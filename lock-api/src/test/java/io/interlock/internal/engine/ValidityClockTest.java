// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ValidityClockTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong monotonic = new AtomicLong(1_000);
    private final AtomicLong wallMicros = new AtomicLong(1_700_000_000_000_000L);
    private final ValidityClock clock = new ValidityClock(monotonic::get, wallMicros::get);
    private final AtomicInteger jumps = new AtomicInteger();

    ValidityClockTest() {
        clock.onJump(jumps::incrementAndGet);
    }

    private void pass(long monotonicNanos, long wallNanos) {
        monotonic.addAndGet(monotonicNanos);
        wallMicros.addAndGet(wallNanos / 1_000);
    }

    @Test
    void followsTheMonotonicClock() {
        long start = clock.nanoTime();
        pass(SECOND, SECOND);
        assertThat(clock.nanoTime() - start).isEqualTo(SECOND);
        assertThat(jumps).hasValue(0);
    }

    @Test
    void countsATimeForWhichTheMachineWasSuspended() {
        long start = clock.nanoTime();
        pass(1_000, 3600 * SECOND);
        assertThat(clock.nanoTime() - start).isEqualTo(3600 * SECOND);
        assertThat(jumps).hasValue(1);
    }

    @Test
    void runsOnAtNormalSpeedAfterASuspend() {
        pass(0, 3600 * SECOND);
        long awake = clock.nanoTime();
        pass(SECOND, SECOND);
        assertThat(clock.nanoTime() - awake).isEqualTo(SECOND);
        assertThat(jumps).hasValue(1);
    }

    @Test
    void neverGoesBackWhenTheWallClockIsSetBack() {
        long start = clock.nanoTime();
        pass(SECOND, -3600 * SECOND);
        assertThat(clock.nanoTime() - start).isEqualTo(SECOND);
        pass(SECOND, SECOND);
        assertThat(clock.nanoTime() - start).isEqualTo(2 * SECOND);
        assertThat(jumps).hasValue(0);
    }

    @Test
    void doesNotAddUpTheSlewOfAWallClockThatIsCorrected() {
        long start = clock.nanoTime();
        for (int minute = 0; minute < 600; minute++) {
            pass(60 * SECOND, 60 * SECOND + 60 * SECOND / 10_000); // 100 ppm, 6 ms a minute
            clock.nanoTime();
        }
        assertThat(clock.nanoTime() - start).isEqualTo(600 * 60 * SECOND);
        assertThat(jumps).hasValue(0);
    }

    @Test
    void believesNoReadingThatTheSchedulerInterrupted() {
        var slow = new AtomicLong();
        var interrupted = new ValidityClock(() -> slow.addAndGet(SECOND / 100), wallMicros::get);
        interrupted.onJump(jumps::incrementAndGet);
        wallMicros.addAndGet(100_000);
        interrupted.nanoTime();
        assertThat(jumps).hasValue(0);
    }
}
