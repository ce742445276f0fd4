// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** The protocol with one verb done wrong, as the fault says; the others are right. */
final class BrokenProtocol implements ToyProtocol {
    private static final Duration STUBBORN = Duration.ofSeconds(30);

    private final LineProtocol right;
    private final ToyFault fault;
    private final IntSupplier reconnects;
    private final Map<String, Sent> sent = new ConcurrentHashMap<>(); // by lock name, the last one granted

    private record Sent(String owner, int reconnects) {}

    BrokenProtocol(LineProtocol right, ToyFault fault, IntSupplier reconnects) {
        this.right = right;
        this.fault = fault;
        this.reconnects = reconnects;
    }

    @Override
    public Answer acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        return switch (fault) {
            case ACQUIRE_IN_TWO_STEPS -> acquireInTwoSteps(request, owner);
            case ADOPTS_OLD_ENTRY -> acquireOrAdopt(request, owner);
            case NO_CALL_TIMEOUT -> right.acquire(stubborn(request), owner);
            case SPENT_LEASE_GRANTED ->
                right.acquire(patient(request, request.lease().multipliedBy(3)), owner);
            default -> right.acquire(request, owner);
        };
    }

    @Override
    public Renewal renew(LockRequest request, String owner, Duration lease) throws InterruptedException {
        return switch (fault) {
            case RENEWAL_IN_TWO_STEPS -> renewInTwoSteps(request, owner, lease);
            case NO_CALL_TIMEOUT -> right.renew(stubborn(request), owner, lease);
            default -> right.renew(request, owner, lease);
        };
    }

    @Override
    public boolean release(LockRequest request, String owner) throws InterruptedException {
        return switch (fault) {
            case RELEASE_IN_TWO_STEPS -> right.ask(request, "GET").equals(owner) && isYes(right.ask(request, "DEL"));
            case BLIND_SECOND_RELEASE -> releaseTwice(request, owner);
            case RELEASE_LEFT_TO_THE_STORE -> reconnects.getAsInt() > 0 || right.release(request, owner);
            case NO_CALL_TIMEOUT -> right.release(stubborn(request), owner);
            default -> right.release(request, owner);
        };
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        return switch (fault) {
            case NO_UNDO -> ReleaseOutcome.RELEASED;
            case BLIND_UNDO -> isYes(right.ask(request, "DEL")) ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
            case NO_CALL_TIMEOUT -> right.undo(stubborn(request), owner);
            default -> right.undo(request, owner);
        };
    }

    private Answer acquireInTwoSteps(LockRequest request, OwnerId owner) throws InterruptedException {
        String tokens = Integer.toString(request.tokens());
        String reply = right.ask(request, "SETNX", owner.toString(), tokens, ToyProtocol.holder(request));
        Answer answer = LineProtocol.answer(reply, owner);
        if (answer instanceof Answer.Granted) {
            right.ask(request, "EXPIRE", ToyProtocol.micros(request.lease()));
        }
        return answer;
    }

    private Answer acquireOrAdopt(LockRequest request, OwnerId owner) throws InterruptedException {
        Answer answer = right.acquire(request, owner);
        if (answer instanceof Answer.Granted) {
            sent.put(request.name(), new Sent(owner.toString(), reconnects.getAsInt()));
            return answer;
        }
        Sent old = sent.get(request.name());
        String[] words = right.ask(request, "HOLDER").split(" ", -1);
        boolean ours = old != null && words[0].equals("HELD") && words[2].equals(old.owner());
        return ours && reconnects.getAsInt() > old.reconnects()
                ? new Answer.Granted(old.owner(), Long.parseLong(words[3]))
                : answer;
    }

    private Renewal renewInTwoSteps(LockRequest request, String owner, Duration lease) throws InterruptedException {
        String present = right.ask(request, "GET");
        if (!present.equals(owner)) {
            return present.equals("-") ? Renewal.GONE : Renewal.TAKEN;
        }
        return isYes(right.ask(request, "EXPIRE", ToyProtocol.micros(lease))) ? Renewal.RENEWED : Renewal.GONE;
    }

    /** The second command comes late enough for somebody else to hold the lock, as after a reconnect with back-off. */
    private boolean releaseTwice(LockRequest request, String owner) throws InterruptedException {
        try {
            return right.release(request, owner);
        } catch (LockBackendException lost) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
            return isYes(right.ask(request, "DEL"));
        }
    }

    private static LockRequest stubborn(LockRequest request) {
        return patient(request, STUBBORN);
    }

    private static LockRequest patient(LockRequest request, Duration timeout) {
        return new LockRequest(
                request.name(), request.lease(), request.waiting(), request.tokens(), request.holder(), timeout);
    }

    private static boolean isYes(String reply) {
        return reply.equals("1");
    }
}
