// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.ReleaseOutcome;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The reference backend with a ledger of what a store over the network would have of its clients: connections,
 * subscriptions, rows. One entry of it is wrong.
 */
final class LedgerMutant implements TckBackend {
    /** What is wrong. */
    enum Fault {
        KEEPS_ROW_OF_RELEASED,
        COUNTS_EVERY_GRANT,
        KEEPS_ROW_OF_WAITER,
        KEEPS_ROW_OF_EXPIRED,
        KEEPS_CONNECTION_OF_CLOSED,
        KEEPS_CONNECTION_OF_REFUSED,
        KEEPS_SUBSCRIPTION,
        TAKES_FOREIGN_ENTRY,
        SHOWS_SETTINGS
    }

    private final MemoryLocks locks = MemoryLocks.create();
    private final StoreInspector inspector = new Ledger(MemoryTckBackend.inspectorOf(locks));
    private final Fault fault;
    private final Map<String, Integer> rows = new ConcurrentHashMap<>();
    private final Map<String, Integer> counters = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger subscriptions = new AtomicInteger();

    LedgerMutant(Fault fault) {
        this.fault = fault;
    }

    @Override
    public String id() {
        return "mutant";
    }

    @Override
    public LockClient newClient(ClientSpec spec) {
        LockConfig config = spec.config();
        LockClient client = LockClient.of(new Store(locks.backend(config.namespace())), config);
        return fault != Fault.SHOWS_SETTINGS
                ? client
                : new ForwardingClient(client) {
                    @Override
                    public String toString() {
                        return "LockClient" + spec.settings();
                    }
                };
    }

    @Override
    public Optional<StoreInspector> store() {
        return Optional.of(inspector);
    }

    @Override
    public void close() {
        // the store is garbage when its last client is closed
    }

    /** As a server has it, which does not share strings with its clients. */
    private static String copy(LockRequest request) {
        return String.valueOf(request.name().toCharArray());
    }

    private final class Ledger extends ForwardingInspector {
        Ledger(StoreInspector next) {
            super(next);
        }

        @Override
        public int entries(String name) {
            return super.entries(name) + rows.getOrDefault(name, 0);
        }

        @Override
        public int counters(String name) {
            return counters.getOrDefault(name, 0);
        }

        @Override
        public int connections() {
            return connections.get();
        }

        @Override
        public int subscriptions() {
            return subscriptions.get();
        }
    }

    private final class Store extends ForwardingBackend {

        Store(LockBackend next) {
            super(next);
        }

        @Override
        public void start(BackendContext context) {
            super.start(context);
            connections.incrementAndGet();
        }

        @Override
        public void close() {
            super.close();
            if (fault != Fault.KEEPS_CONNECTION_OF_CLOSED) {
                connections.decrementAndGet();
            }
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new Subscribed(next.contend(request, wakeUp), request);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            if (fault == Fault.KEEPS_ROW_OF_EXPIRED) {
                rows.put(copy(request), 1); // which the release alone takes away
            }
            if (fault == Fault.COUNTS_EVERY_GRANT) {
                counters.merge(copy(request), 1, Integer::sum);
            }
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    if (fault == Fault.KEEPS_ROW_OF_EXPIRED) {
                        rows.remove(request.name());
                    }
                    if (fault == Fault.KEEPS_ROW_OF_RELEASED) {
                        rows.put(copy(request), 1);
                    }
                    if (fault == Fault.TAKES_FOREIGN_ENTRY) {
                        takeForeign();
                    }
                    return super.release();
                }
            };
        }

        private void takeForeign() {
            LockBackend theirs = locks.backend("foreign");
            theirs.holder("foreign")
                    .ifPresent(holder ->
                            theirs.forceRelease("foreign", holder.fencingToken().orElseThrow()));
        }

        private final class Subscribed extends ForwardingContender {
            private boolean subscribed;

            Subscribed(Contender next, LockRequest request) {
                super(next, request);
            }

            @Override
            public Attempt attempt(OwnerId owner) throws InterruptedException {
                Attempt attempt = super.attempt(owner);
                if (attempt instanceof Attempt.Refused && fault == Fault.KEEPS_CONNECTION_OF_REFUSED) {
                    connections.incrementAndGet();
                }
                if (attempt instanceof Attempt.Refused && request.waiting() && !subscribed) {
                    subscribed = true;
                    subscriptions.incrementAndGet();
                }
                return attempt;
            }

            @Override
            public void close() {
                super.close();
                if (subscribed && fault == Fault.KEEPS_ROW_OF_WAITER) {
                    rows.merge(copy(request), 1, Integer::sum);
                }
                if (subscribed && fault != Fault.KEEPS_SUBSCRIPTION) {
                    subscriptions.decrementAndGet();
                }
                subscribed = false;
            }
        }
    }
}
