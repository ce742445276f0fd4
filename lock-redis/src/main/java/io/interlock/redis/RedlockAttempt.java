// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.redis.RedlockBallot.Verdict;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * One attempt: asks all nodes at once, in two rounds, and lets the {@link RedlockBallot} decide. Thread-safe; goes on to
 * count what late nodes answer, because that decides how their part is given back.
 */
final class RedlockAttempt {
    private final RedlockNodes nodes;
    private final LockRequest request;
    private final OwnerId owner;
    private final LongSupplier clock;
    private final RedlockBallot ballot; // guarded by answers, as the next four
    private final List<HolderInfo> holders = new ArrayList<>();
    private final List<LockBackendException> failures = new ArrayList<>();
    private final Set<Integer> voted = new HashSet<>();
    private final Map<Integer, Runnable> afterVote = new HashMap<>();
    private final RedlockAnswers answers = new RedlockAnswers();
    private final long end; // of the call, in real time
    private volatile Duration longestLease; // written by one renewal at a time

    /** Not begun; {@code clock} is the engine's. */
    RedlockAttempt(RedlockNodes nodes, LockRequest request, OwnerId owner, long validUntil, LongSupplier clock) {
        this.nodes = nodes;
        this.request = request;
        this.owner = owner;
        this.clock = clock;
        longestLease = request.lease();
        end = System.nanoTime() + request.callTimeout().toNanos();
        ballot = new RedlockBallot(nodes.quorum(), validUntil);
    }

    LockRequest request() {
        return request;
    }

    OwnerId owner() {
        return owner;
    }

    /** A renewal asks for another lease time. */
    void willLast(Duration lease) {
        if (lease.compareTo(longestLease) > 0) {
            longestLease = lease;
        }
    }

    /** How long a node keeps an entry at most that nobody gives back. */
    Duration longestLease() {
        return longestLease;
    }

    /** Both rounds; never {@code OPEN} or {@code CONFIRM}. */
    Verdict run() throws InterruptedException {
        Duration first = nodes.firstTimeout(request);
        for (var node : nodes.all()) {
            node.ask(first, (asked, left) -> asked.vote(request, owner, left), new FirstRound(node));
        }
        answers.await(() -> ballot.verdict() != Verdict.OPEN, first);
        answers.take(ballot::firstRoundIsOver);
        answers.await(ballot::isDecided, secondTimeout());
        answers.take(ballot::timeIsUp);
        return answers.read(ballot::verdict);
    }

    /** What the first round has left of the call. */
    private Duration secondTimeout() {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return Durations.atMost(nodes.timeout(request), left);
    }

    long token() {
        return answers.read(ballot::token);
    }

    /** Whether some nodes, if too few, have granted. */
    boolean hasVotes() {
        return answers.read(ballot::hasVotes);
    }

    /** Where something of ours may be or come: what is to be given back. */
    Set<Integer> mayHold() {
        return answers.read(ballot::mayHold);
    }

    /**
     * Runs something when a node has answered in the first round or has been given up, which may be now. What is sent before
     * could overtake the request, and then would have to block its id.
     */
    void whenVoted(int node, Runnable action) {
        boolean now = answers.read(() -> {
            boolean already = voted.contains(node);
            if (!already) {
                afterVote.merge(node, action, RedlockAttempt::both);
            }
            return already;
        });
        if (now) {
            action.run();
        }
    }

    private static Runnable both(Runnable one, Runnable other) {
        return () -> {
            one.run();
            other.run();
        };
    }

    private void voted(int node) {
        Runnable action = answers.read(() -> {
            voted.add(node);
            return Objects.requireNonNullElse(afterVote.remove(node), () -> {});
        });
        action.run();
    }

    /** Where the request may still be on its way: there, giving back blocks its id. */
    boolean mayComeLate(int node) {
        return answers.read(() -> ballot.mayComeLate(node));
    }

    /** Whom most nodes named. Each has a time and a candidate of its own, so these don't count. */
    Optional<HolderInfo> holder() {
        return answers.read(() -> holders.stream()
                .max(Comparator.comparingLong(holder ->
                        holders.stream().filter(other -> isSame(holder, other)).count()))
                .map(RedlockHolder::withoutToken));
    }

    private static boolean isSame(HolderInfo one, HolderInfo other) {
        return one.host().equals(other.host())
                && one.pid() == other.pid()
                && one.thread().equals(other.thread())
                && one.label().equals(other.label());
    }

    /** What to throw if too few nodes answered. */
    LockBackendException unavailable() {
        return answers.read(() -> {
            var reasons = new ArrayList<String>();
            failures.forEach(failure -> reasons.add(failure.getMessage()));
            nodes.all().stream()
                    .filter(node -> !voted.contains(node.index()))
                    .forEach(node -> reasons.add("no answer from " + node.address()));
            var thrown = new LockBackendException(
                    "acquire of lock '" + request.name() + "' failed: fewer than "
                            + nodes.quorum().majority() + " of "
                            + nodes.quorum().nodes()
                            + " redis nodes answered within "
                            + nodes.firstTimeout(request).toMillis() + " ms (" + String.join("; ", reasons) + ")",
                    failures.isEmpty() ? null : failures.get(0),
                    !ballot.mayHold().isEmpty());
            failures.stream().skip(1).forEach(thrown::addSuppressed);
            return thrown;
        });
    }

    private void confirm(List<Integer> granted) {
        for (int index : granted) {
            RedlockNode node = nodes.get(index);
            long candidate = answers.read(() -> ballot.candidate(index));
            long token = token();
            node.ask(
                    secondTimeout(),
                    (asked, left) -> asked.confirm(request, owner, candidate, token, left),
                    new SecondRound(index));
        }
    }

    private final class FirstRound implements RedlockNode.Listener<RedlockVote> {
        private final RedlockNode node;

        FirstRound(RedlockNode node) {
            this.node = node;
        }

        @Override
        public void answered(RedlockVote vote) {
            confirm(answers.taken(() -> {
                if (vote instanceof RedlockVote.Granted granted) {
                    ballot.granted(node.index(), granted.server(), granted.candidate());
                } else {
                    ((RedlockVote.Refused) vote).holder().ifPresent(holders::add);
                    ballot.refused(node.index());
                }
                return ballot.toConfirm();
            }));
            voted(node.index());
        }

        @Override
        public void failed(LockBackendException reason) {
            answers.take(() -> {
                failures.add(reason);
                ballot.failed(node.index(), reason.isAmbiguous());
            });
            voted(node.index());
        }
    }

    private final class SecondRound implements RedlockNode.Listener<Boolean> {
        private final int node;

        SecondRound(int node) {
            this.node = node;
        }

        @Override
        public void answered(Boolean stands) {
            answers.take(() -> {
                if (stands) {
                    ballot.confirmed(node, clock.getAsLong());
                } else {
                    ballot.unconfirmed(node);
                }
            });
        }

        @Override
        public void failed(LockBackendException reason) {
            answers.take(() -> {
                failures.add(reason);
                ballot.confirmFailed(node);
            });
        }
    }
}
