// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.RenewOutcome;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the rules of §3 must catch: fencing. */
final class FencingMutants {
    private FencingMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(25, "constant token", shared(ConstantToken::new), "3.01", "3.03", "3.05", "3.11", "3.12"),
                Mutant.of(28, "token per client counter", perClient(CountingToken::new), "3.03", "3.05", "3.11"),
                Mutant.of(0, "negative tokens", shared(NegativeToken::new), "3.11"),
                Mutant.of(0, "counter forgotten when idle", shared(ForgetfulToken::new), "3.05"),
                Mutant.of(0, "takeover keeps the token", shared(TakeoverToken::new), "3.03")
                        .breakingAlso("3.05"),
                Mutant.of(0, "counter begins anew for another name", shared(OneNameToken::new), "3.12"),
                Mutant.of(0, "renewal draws a new token", Broken.backend(() -> RenewedToken::new), "3.08"),
                Mutant.of(0, "refused waiter gets the holder's lease", Broken.client(Handout::new), "3.09"),
                Mutant.of(31, "invented token though undeclared", Broken.both(Invention::new), "3.13"));
    }

    /** One way of making tokens for all clients. */
    private static Supplier<TckBackend> shared(Supplier<Tokens> making) {
        return Broken.backend(() -> {
            Tokens tokens = making.get();
            return next -> new OtherTokens(next, tokens);
        });
    }

    /** A way of making tokens for each client. */
    private static Supplier<TckBackend> perClient(Supplier<Tokens> making) {
        return Broken.backend(() -> next -> new OtherTokens(next, making.get()));
    }

    /** Makes tokens instead of the store. */
    private abstract static class Tokens {
        private final Map<Long, Long> shown = new HashMap<>(); // guarded by itself

        abstract long next(long real, String name);

        void released(String name) {}

        final long of(long real, String name) {
            synchronized (shown) {
                return shown.computeIfAbsent(real, r -> next(r, name));
            }
        }
    }

    private static final class ConstantToken extends Tokens {
        @Override
        long next(long real, String name) {
            return 7;
        }
    }

    private static final class CountingToken extends Tokens {
        private long count;

        @Override
        long next(long real, String name) {
            return ++count;
        }
    }

    private static final class NegativeToken extends Tokens {
        @Override
        long next(long real, String name) {
            return real - (1L << 62);
        }
    }

    /** Keeps a counter as long as it keeps a short entry. */
    private static final class ForgetfulToken extends Tokens {
        private final Map<String, long[]> counters = new ConcurrentHashMap<>();

        @Override
        long next(long real, String name) {
            long[] counter = counters.computeIfAbsent(name, n -> new long[] {0, 0});
            long now = System.nanoTime();
            if (now - counter[1] > Duration.ofMillis(500).toNanos()) {
                counter[0] = 0;
            }
            counter[1] = now;
            return ++counter[0];
        }
    }

    /** Counts releases, so that a lease which ran out leaves its token to the next. */
    private static final class TakeoverToken extends Tokens {
        private final Map<String, AtomicLong> releases = new ConcurrentHashMap<>();

        @Override
        long next(long real, String name) {
            return 1 + releases(name).get();
        }

        @Override
        void released(String name) {
            releases(name).incrementAndGet();
        }

        private AtomicLong releases(String name) {
            return releases.computeIfAbsent(name, n -> new AtomicLong());
        }
    }

    /** Has room for the counter of one name. */
    private static final class OneNameToken extends Tokens {
        private String last = "";
        private long count;

        @Override
        long next(long real, String name) {
            count = name.equals(last) ? count + 1 : 1;
            last = name;
            return count;
        }
    }

    /** A backend whose grants, and whose word on the holder, have other tokens. */
    private static final class OtherTokens extends ForwardingBackend {
        private final Tokens tokens;

        OtherTokens(LockBackend next, Tokens tokens) {
            super(next);
            this.tokens = tokens;
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            long token = tokens.of(grant.fencingToken(), request.name());
            return new ForwardingGrant(grant) {
                @Override
                public long fencingToken() {
                    return token;
                }

                @Override
                public ReleaseOutcome release() {
                    tokens.released(request.name());
                    return super.release();
                }
            };
        }

        @Override
        public Optional<HolderInfo> holder(String name) {
            return super.holder(name).map(real -> withToken(real, token(real, name)));
        }

        private OptionalLong token(HolderInfo real, String name) {
            return OptionalLong.of(tokens.of(real.fencingToken().orElseThrow(), name));
        }
    }

    private static HolderInfo withToken(HolderInfo real, OptionalLong token) {
        return new HolderInfo(real.host(), real.pid(), real.thread(), real.label(), real.since(), token);
    }

    private static final class RenewedToken extends ForwardingBackend {
        RenewedToken(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            var renewals = new AtomicLong();
            return new ForwardingGrant(grant) {
                @Override
                public RenewOutcome renew(Duration lease) {
                    renewals.incrementAndGet();
                    return super.renew(lease);
                }

                @Override
                public long fencingToken() {
                    return super.fencingToken() + renewals.get();
                }
            };
        }
    }

    /** Gives a waiter whose time is over the lease that it has waited for. */
    private static final class Handout implements UnaryOperator<LockClient> {
        private final Map<String, Lease> held = new ConcurrentHashMap<>();

        @Override
        public LockClient apply(LockClient client) {
            return new ForwardingClient(client) {
                @Override
                DistributedLock wrap(DistributedLock lock) {
                    return new ForwardingLock(lock) {
                        @Override
                        Lease wrap(Lease lease) {
                            held.put(name(), lease);
                            return lease;
                        }

                        @Override
                        public Optional<Lease> tryAcquire(Duration maxWait) throws InterruptedException {
                            return super.tryAcquire(maxWait).or(() -> Optional.ofNullable(held.get(name())));
                        }
                    };
                }
            };
        }
    }

    private static final class Invention implements Broken.Fault {
        @Override
        public LockBackend backend(LockBackend next) {
            return new ForwardingBackend(next) {
                @Override
                public Set<Capability> capabilities() {
                    var without = EnumSet.copyOf(super.capabilities());
                    without.remove(Capability.FENCING);
                    return without;
                }

                @Override
                public Optional<HolderInfo> holder(String name) {
                    return super.holder(name).map(real -> withToken(real, OptionalLong.empty()));
                }
            };
        }

        @Override
        public LockClient client(LockClient next) {
            return new ForwardingClient(next) {
                @Override
                DistributedLock wrap(DistributedLock lock) {
                    return new ForwardingLock(lock) {
                        @Override
                        public Lease acquire() throws InterruptedException {
                            return new ForwardingLease(super.acquire()) {
                                @Override
                                public long fencingToken() {
                                    return System.nanoTime();
                                }
                            };
                        }
                    };
                }
            };
        }
    }
}
