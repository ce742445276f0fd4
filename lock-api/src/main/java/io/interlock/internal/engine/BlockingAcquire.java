// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.internal.engine.AcquireLoop.Step;

/** Takes the steps of an acquisition on the caller's thread. */
final class BlockingAcquire {
    private final EngineClient client;
    private final Acquisition acquisition;
    private final Deadline deadline;
    private final Signal signal = new Signal();

    BlockingAcquire(EngineClient client, Acquisition acquisition, Deadline deadline) {
        this.client = client;
        this.acquisition = acquisition;
        this.deadline = deadline;
    }

    /** Ends in a lease or a time-out. */
    Step run() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before waiting for lock '"
                    + acquisition.request().name() + "'");
        }
        return wait(true);
    }

    /** Goes on waiting when interrupted, and restores the flag. */
    Step runUninterruptibly() {
        return Interrupts.aside(() -> {
            try {
                return wait(false);
            } catch (InterruptedException impossible) {
                throw new AssertionError("an uninterruptible wait was interrupted", impossible);
            }
        });
    }

    private Step wait(boolean interruptible) throws InterruptedException {
        boolean interrupted = false;
        client.waits().add(signal);
        var loop = new AcquireLoop(client, acquisition, deadline, signal);
        try (loop) {
            while (true) {
                try {
                    Step step = loop.step();
                    if (!(step instanceof Step.Park park)) {
                        client.told(acquisition, loop.attempts(), step instanceof Step.Acquired);
                        return step;
                    }
                    if (deadline.isUnlimited() && loop.attempts() <= 1) {
                        client.warnOfSelfDeadlock(acquisition);
                    }
                    client.runtime().time().await(signal, park.until());
                } catch (InterruptedException wanted) {
                    if (interruptible) {
                        throw wanted;
                    }
                    interrupted = true;
                }
            }
        } catch (InterruptedException | RuntimeException | Error ended) {
            client.told(acquisition, loop.attempts(), false);
            throw ended;
        } finally {
            client.waits().remove(signal);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
