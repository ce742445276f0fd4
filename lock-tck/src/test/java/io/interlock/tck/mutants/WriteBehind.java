// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** Answers before the store has done what was asked, at every fiftieth grant of a name. */
final class WriteBehind {
    private static final int EVERY = 50;
    private static final Executor LATER = Later.afterMillis(20);

    private WriteBehind() {}

    private static boolean isTurn(Map<String, Integer> counts, String name) {
        return counts.merge(name, 1, Integer::sum) % EVERY == 0;
    }

    /** The grant is told before it is there. */
    static final class Grants extends ForwardingBackend {
        private final Map<String, Integer> counts;

        static UnaryOperator<LockBackend> sharing() {
            var counts = new ConcurrentHashMap<String, Integer>();
            return next -> new Grants(next, counts);
        }

        Grants(LockBackend next, Map<String, Integer> counts) {
            super(next);
            this.counts = counts;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new ForwardingContender(next.contend(request, wakeUp), request) {
                @Override
                public Attempt attempt(OwnerId owner) throws InterruptedException {
                    boolean free = Grants.this.next.holder(request.name()).isEmpty();
                    if (!free || !isTurn(counts, request.name())) {
                        return super.attempt(owner);
                    }
                    long sent = System.nanoTime();
                    var written = CompletableFuture.supplyAsync(() -> take(owner), LATER);
                    return new Attempt.Granted(new LateGrant(owner, written, Validity.end(sent, request.lease())));
                }

                private Grant take(OwnerId owner) {
                    try {
                        Attempt attempt = next.attempt(owner);
                        if (attempt instanceof Attempt.Granted granted) {
                            return granted.grant();
                        }
                        throw new LockBackendException("taken meanwhile", null, false);
                    } catch (InterruptedException e) {
                        throw new LockBackendException("interrupted", e, true);
                    }
                }
            };
        }
    }

    private record LateGrant(OwnerId owner, CompletableFuture<Grant> written, long validUntil) implements Grant {
        @Override
        public long fencingToken() {
            return written.join().fencingToken();
        }

        @Override
        public RenewOutcome renew(Duration lease) {
            return written.join().renew(lease);
        }

        @Override
        public ReleaseOutcome release() {
            return written.join().release();
        }

        @Override
        public void watch(GrantListener listener) {
            written.thenAccept(grant -> grant.watch(listener));
        }
    }

    /** The release is told before it is done. */
    static final class Releases extends ForwardingBackend {
        private final Map<String, Integer> counts;

        static UnaryOperator<LockBackend> sharing() {
            var counts = new ConcurrentHashMap<String, Integer>();
            return next -> new Releases(next, counts);
        }

        Releases(LockBackend next, Map<String, Integer> counts) {
            super(next);
            this.counts = counts;
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    if (!isTurn(counts, request.name())) {
                        return super.release();
                    }
                    LATER.execute(super::release);
                    return ReleaseOutcome.RELEASED;
                }
            };
        }
    }
}
