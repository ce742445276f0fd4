// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The protocol as it should be: every step is one command, which the store carries out as a whole. */
final class LineProtocol implements ToyProtocol {
    private final ToyPool pool;
    private final String namespace;

    LineProtocol(ToyPool pool, String namespace) {
        this.pool = pool;
        this.namespace = namespace;
    }

    @Override
    public Answer acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        String reply = ask(
                request,
                "ACQUIRE",
                owner.toString(),
                ToyProtocol.micros(request.lease()),
                Integer.toString(request.tokens()),
                ToyProtocol.holder(request));
        return answer(reply, owner);
    }

    /** What the reply to an acquire says. */
    static Answer answer(String reply, OwnerId owner) {
        String[] words = reply.split(" ", -1);
        return switch (words[0]) {
            case "GRANTED" -> new Answer.Granted(owner.toString(), Long.parseLong(words[1]));
            case "HELD" ->
                new Answer.Held(
                        Duration.of(Long.parseLong(words[1]), ChronoUnit.MICROS),
                        Optional.of(ToyProtocol.holder(words)));
            default -> new Answer.Held(ToyContender.RECHECK, Optional.empty()); // this id was undone
        };
    }

    @Override
    public Renewal renew(LockRequest request, String owner, Duration lease) throws InterruptedException {
        return Renewal.valueOf(ask(request, "RENEW", owner, ToyProtocol.micros(lease)));
    }

    @Override
    public boolean release(LockRequest request, String owner) throws InterruptedException {
        return ask(request, "RELEASE", owner).equals("1");
    }

    /** Done with the first answer: the tombstone keeps a late request of this id from taking the lock. */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        ask(request, "UNDO", owner.toString(), ToyProtocol.micros(request.lease()));
        return ReleaseOutcome.RELEASED;
    }

    /** One command about the request's lock. */
    String ask(LockRequest request, String verb, String... words) throws InterruptedException {
        return ask(request, request.callTimeout(), verb, words);
    }

    String ask(LockRequest request, Duration timeout, String verb, String... words) throws InterruptedException {
        String key = ToyProtocol.key(namespace, request.name());
        String line = verb + " " + key + (words.length == 0 ? "" : " " + String.join(" ", words));
        return pool.ask(line, timeout);
    }
}
