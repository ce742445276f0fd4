// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Command;
import io.interlock.tck.Link;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What tells the one who set a fault that it has happened. Thread-safe. */
abstract sealed class WaitingFault implements Link.Fault permits HoldFault, ReplyLoss {
    private final LinkLoop loop;
    private final CountDownLatch latch = new CountDownLatch(1);
    private volatile @Nullable Command command; // written before the latch opens

    WaitingFault(LinkLoop loop) {
        this.loop = loop;
    }

    LinkLoop loop() {
        return loop;
    }

    void happened(Command befallen) {
        command = befallen;
        latch.countDown();
    }

    @Override
    public boolean awaitHappened(Duration most) throws InterruptedException {
        boolean happened = latch.await(TimeUnit.NANOSECONDS.convert(most), TimeUnit.NANOSECONDS);
        if (!happened) {
            loop.requireSound();
        }
        return happened;
    }

    @Override
    public boolean hasHappened() {
        return latch.getCount() == 0;
    }

    @Override
    public Optional<Command> command() {
        return Optional.ofNullable(command);
    }
}
