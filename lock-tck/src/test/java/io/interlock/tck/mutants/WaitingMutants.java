// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.HolderInfo;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the rules of §4 must catch: waiting and wake-up. */
final class WaitingMutants {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long ON_THE_WAY = Duration.ofMillis(1).toNanos();

    private WaitingMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(32, "release does not wake waiters", Broken.backend(() -> Mute::new), "4.01")
                        .breakingAlso("4.03", "4.06", "4.07", "4.11", "4.13", "4.14", "4.15", "4.16", "4.19", "4.20"),
                Mutant.of(
                                0,
                                "a wake-up that comes right after the refusal is lost",
                                Broken.backend(() -> LosesEarlyWakeUps::new),
                                "4.03")
                        .breakingAlso("4.06", "4.07", "4.11", "4.13", "4.14", "4.15", "4.16", "4.19", "4.20"),
                Mutant.of(
                        34,
                        "waiter is not woken by expiry",
                        Broken.backend(() -> next -> retrying(next, LONG)),
                        "4.04"),
                Mutant.of(
                                0,
                                "a waiter that leaves stays in the queue",
                                Broken.backend(() -> Stays::new),
                                "4.07",
                                "4.08",
                                "4.13")
                        .breakingAlso("4.06", "4.10", "4.19"),
                Mutant.of(
                                0,
                                "a waiter that leaves takes the next one's wake-ups along",
                                Broken.backend(() -> {
                                    var lines = new Lines();
                                    return next -> new Strands(next, lines);
                                }),
                                "4.13")
                        .breakingAlso("4.06", "4.07", "4.10"),
                Mutant.of(0, "a waiter that leaves lets the next one in", Broken.backend(() -> Promotes::new), "4.13")
                        .breakingAlso("4.06", "4.07", "4.08", "4.10"),
                Mutant.of(
                                0,
                                "the thirteenth waiter is forgotten",
                                Broken.backend(() -> {
                                    var waiting = new ConcurrentHashMap<String, AtomicInteger>();
                                    return next -> new Forgets(next, waiting);
                                }),
                                "4.14")
                        .breakingAlso("4.06", "4.15", "4.19", "4.20"));
    }

    /** A backend that tells every refused one to come again after a fixed time. */
    static LockBackend retrying(LockBackend next, Duration after) {
        return new ForwardingBackend(next) {
            @Override
            public Contender contend(LockRequest request, Runnable wakeUp) {
                return new ForwardingContender(next.contend(request, wakeUp), request) {
                    @Override
                    public Attempt attempt(OwnerId owner) throws InterruptedException {
                        Attempt attempt = super.attempt(owner);
                        return attempt instanceof Attempt.Refused refused
                                ? new Attempt.Refused(after, refused.holder())
                                : attempt;
                    }
                };
            }
        };
    }

    private static final class Mute extends ForwardingBackend {
        Mute(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return super.contend(request, () -> {});
        }
    }

    private static final class LosesEarlyWakeUps extends ForwardingBackend {
        LosesEarlyWakeUps(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            var refusedAt = new AtomicLong(System.nanoTime());
            Runnable late = () -> {
                if (System.nanoTime() - refusedAt.get() > ON_THE_WAY) {
                    wakeUp.run();
                }
            };
            return new ForwardingContender(next.contend(request, late), request) {
                @Override
                public Attempt attempt(OwnerId owner) throws InterruptedException {
                    Attempt attempt = super.attempt(owner);
                    refusedAt.set(System.nanoTime());
                    return attempt;
                }
            };
        }
    }

    /** A contender that remembers whether it was granted. */
    private static class Remembering extends ForwardingBackend.ForwardingContender {
        boolean granted;

        Remembering(ForwardingBackend backend, Contender next, LockRequest request) {
            backend.super(next, request);
        }

        @Override
        public Attempt attempt(OwnerId owner) throws InterruptedException {
            Attempt attempt = super.attempt(owner);
            granted = attempt instanceof Attempt.Granted;
            return attempt;
        }
    }

    private static final class Stays extends ForwardingBackend {
        Stays(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new Remembering(this, next.contend(request, wakeUp), request) {
                @Override
                public void close() {
                    if (granted || !request.waiting()) {
                        super.close();
                    }
                }
            };
        }
    }

    /** Who waits for a name, in order of arrival; each can be made deaf. */
    private static final class Lines {
        private final Map<String, List<AtomicBoolean>> lines = new ConcurrentHashMap<>();

        AtomicBoolean join(String name) {
            var deaf = new AtomicBoolean();
            lines.compute(name, (n, line) -> {
                List<AtomicBoolean> longer = line == null ? new ArrayList<>() : line;
                longer.add(deaf);
                return longer;
            });
            return deaf;
        }

        void leave(String name, AtomicBoolean who, boolean granted) {
            lines.computeIfPresent(name, (n, line) -> {
                int at = line.indexOf(who);
                if (!granted && at >= 0 && at + 1 < line.size()) {
                    line.get(at + 1).set(true);
                }
                line.remove(who);
                return line.isEmpty() ? null : line;
            });
        }
    }

    private static final class Strands extends ForwardingBackend {
        private final Lines lines;

        Strands(LockBackend next, Lines lines) {
            super(next);
            this.lines = lines;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            if (!request.waiting()) {
                return super.contend(request, wakeUp);
            }
            AtomicBoolean deaf = lines.join(request.name());
            Runnable unlessDeaf = () -> {
                if (!deaf.get()) {
                    wakeUp.run();
                }
            };
            return new Remembering(this, next.contend(request, unlessDeaf), request) {
                @Override
                public void close() {
                    super.close();
                    lines.leave(request.name(), deaf, granted);
                }
            };
        }
    }

    private static final class Promotes extends ForwardingBackend {
        Promotes(LockBackend next) {
            super(next);
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new Remembering(this, next.contend(request, wakeUp), request) {
                @Override
                public void close() {
                    super.close();
                    Optional<HolderInfo> holder =
                            granted || !request.waiting() ? Optional.empty() : holder(request.name());
                    holder.ifPresent(
                            h -> forceRelease(request.name(), h.fencingToken().orElseThrow()));
                }
            };
        }
    }

    private static final class Forgets extends ForwardingBackend {
        private static final int KNOWN = 12;
        private final Map<String, AtomicInteger> waiting;

        Forgets(LockBackend next, Map<String, AtomicInteger> waiting) {
            super(next);
            this.waiting = waiting;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            if (!request.waiting()) {
                return super.contend(request, wakeUp);
            }
            AtomicInteger count = waiting.computeIfAbsent(request.name(), n -> new AtomicInteger());
            boolean forgotten = count.incrementAndGet() > KNOWN;
            return new ForwardingContender(next.contend(request, forgotten ? () -> {} : wakeUp), request) {
                @Override
                public void close() {
                    super.close();
                    count.decrementAndGet();
                }
            };
        }
    }
}
