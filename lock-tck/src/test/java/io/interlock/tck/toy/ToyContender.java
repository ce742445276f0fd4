// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.Registration;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One acquisition: attempts, and the subscription between them. */
final class ToyContender implements Contender {
    /** The longest time that a waiter goes without looking. */
    static final Duration RECHECK = Duration.ofSeconds(2);

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final ToyBackend backend;
    private final LockRequest request;
    private final Runnable wakeUp;
    private final List<Registration> registrations = new ArrayList<>(); // confined, as the contender is
    private boolean subscribed; // confined

    ToyContender(ToyBackend backend, LockRequest request, Runnable wakeUp) {
        this.backend = backend;
        this.request = request;
        this.wakeUp = wakeUp;
    }

    @Override
    public Attempt attempt(OwnerId owner) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long sent = backend.context().nanoTime();
        ToyProtocol.Answer answer = backend.protocol().acquire(request, owner);
        if (answer instanceof ToyProtocol.Answer.Held held) {
            return new Attempt.Refused(request.waiting() ? waitFor(held.left()) : held.left(), held.holder());
        }
        var granted = (ToyProtocol.Answer.Granted) answer;
        return new Attempt.Granted(new ToyGrant(backend, request, owner(granted.owner()), granted.token(), sent));
    }

    @Override
    public void close() {
        registrations.forEach(Registration::close);
        registrations.clear();
    }

    private Duration waitFor(Duration left) {
        if (!subscribed) {
            subscribed = true;
            registrations.add(backend.push().watch(backend.key(request.name()), wakeUp));
        }
        Duration jitter = Duration.ofMillis(1 + backend.context().random().nextInt(20));
        Duration expiry = left.plus(jitter);
        Duration soon = expiry.compareTo(RECHECK) < 0 ? expiry : RECHECK;
        return switch (backend.fault()) {
            case NO_LOOK_AFTER_SUBSCRIBING -> expiry;
            case WAITER_DIES_WITH_CONNECTION -> whileConnected(soon);
            default -> soon;
        };
    }

    /** The fallback is the connection's own timer, and ends with it. */
    private Duration whileConnected(Duration soon) {
        registrations.add(backend.context()
                .schedule(
                        () -> {
                            if (backend.push().isConnected()) {
                                wakeUp.run();
                            }
                        },
                        soon));
        return FOR_EVER;
    }

    private static OwnerId owner(String hex) {
        return new OwnerId(
                Long.parseUnsignedLong(hex.substring(0, 16), 16), Long.parseUnsignedLong(hex.substring(16), 16));
    }
}
