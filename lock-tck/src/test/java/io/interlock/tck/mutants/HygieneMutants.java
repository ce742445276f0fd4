// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.tck.mutants.LedgerMutant.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** What the rules of §12 must catch: what is left behind. */
final class HygieneMutants {
    private HygieneMutants() {}

    static List<Mutant> all() {
        return List.of(
                ledger("a released lock leaves a row", Fault.KEEPS_ROW_OF_RELEASED, "12.01")
                        .breakingAlso("12.02"), // its holder releases, too
                ledger("a counter a grant", Fault.COUNTS_EVERY_GRANT, "12.01"),
                ledger("a waiter leaves a row", Fault.KEEPS_ROW_OF_WAITER, "12.02"),
                ledger("a closed client leaves a connection", Fault.KEEPS_CONNECTION_OF_CLOSED, "12.04"),
                ledger("a refused attempt leaves a connection", Fault.KEEPS_CONNECTION_OF_REFUSED, "12.04")
                        .breakingAlso("12.02"), // once there is none left
                ledger("a wait leaves a subscription", Fault.KEEPS_SUBSCRIPTION, "12.06"),
                ledger("an expired lease leaves a row", Fault.KEEPS_ROW_OF_EXPIRED, "12.08"),
                ledger("a release takes a foreign entry", Fault.TAKES_FOREIGN_ENTRY, "12.12"),
                ledger("a client shows its settings", Fault.SHOWS_SETTINGS, "12.10"),
                Mutant.of(0, "a thread a lock", Broken.backend(() -> ThreadPerLock::new), "12.05"),
                Mutant.of(0, "a thread outlives its client", Broken.backend(() -> ThreadStays::new), "12.05"),
                Mutant.of(0, "threads remember their locks", Broken.client(() -> ThreadsRemember::new), "12.07"),
                Mutant.of(0, "releases are printed", Broken.backend(() -> Prints::new), "12.10")
                        .runningAlone(),
                Mutant.of(0, "files stay open", Broken.backend(HygieneMutants::openFiles), "12.11")
                        .runningAlone());
    }

    private static Mutant ledger(String title, Fault fault, String... killers) {
        return Mutant.of(0, title, () -> new LedgerMutant(fault), killers);
    }

    private static final class ThreadPerLock extends ForwardingBackend {
        ThreadPerLock(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            var released = new CountDownLatch(1);
            var keeper = new Thread(() -> await(released), "keeper");
            keeper.setDaemon(true);
            keeper.start();
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    released.countDown();
                    return super.release();
                }
            };
        }

        private static void await(CountDownLatch released) {
            try {
                released.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static final class ThreadStays extends ForwardingBackend {
        ThreadStays(LockBackend next) {
            super(next);
        }

        @Override
        public void close() {
            super.close();
            var left = new Thread(
                    () -> LockSupport.parkNanos(Duration.ofSeconds(15).toNanos()), "left-behind");
            left.setDaemon(true);
            left.start();
        }
    }

    private static final class ThreadsRemember extends ForwardingClient {
        private final ThreadLocal<Collection<DistributedLock>> locks = ThreadLocal.withInitial(ArrayList::new);

        ThreadsRemember(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            locks.get().add(lock);
            return lock;
        }
    }

    private static final class Prints extends ForwardingBackend {
        Prints(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    System.out.println("released");
                    return super.release();
                }
            };
        }
    }

    @SuppressWarnings("ModifiedButNotUsed") // to keep them is the fault
    private static UnaryOperator<LockBackend> openFiles() {
        var clients = new AtomicInteger();
        var files = new ConcurrentLinkedQueue<FileChannel>(); // kept from the collector, which would close them
        return next -> new ForwardingBackend(next) {
            @Override
            public void start(BackendContext context) {
                super.start(context);
                try {
                    if (clients.incrementAndGet() % 4 == 0) { // not all: a machine may allow a thousand only
                        files.add(FileChannel.open(Path.of("/dev/null")));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
