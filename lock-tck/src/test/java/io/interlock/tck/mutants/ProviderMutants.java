// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LeaseLostException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LockTimeoutException;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What the rules of §15 must catch: providers, and what a client promises. */
final class ProviderMutants {
    private ProviderMutants() {}

    static List<Mutant> all() {
        return List.of(
                provider(0, "claims another's scheme", MutantProviders.ClaimsMemory.class, "15.01", "15.06"),
                provider(0, "a scheme in upper case", MutantProviders.UpperCase.class, "15.01"),
                provider(0, "ignores the uri's path", MutantProviders.IgnoresPath.class, "15.02"),
                provider(0, "says less of its variant than is true", MutantProviders.SaysLess.class, "15.04"),
                provider(80, "connects in a static initialiser", MutantProviders.ConnectsWhenLoaded.class, "15.07"),
                provider(80, "starts a thread when loaded", MutantProviders.StartsThread.class, "15.07"),
                Mutant.of(78, "declares INSPECT and lacks it", Broken.backend(() -> LacksInspect::new), "15.03"),
                Mutant.of(78, "refuses a declared capability", Broken.backend(() -> RefusesForce::new), "15.03"),
                Mutant.of(0, "capabilities change", Broken.client(() -> ChangesCapabilities::new), "15.04"),
                Mutant.of(0, "changes the context class loader", Broken.client(() -> ChangesLoader::new), "15.05"),
                Mutant.of(0, "for one thread at a time", Broken.client(() -> OneThread::new), "15.08"),
                Mutant.of(0, "a loss is told as misuse", Broken.client(() -> LossIsMisuse::new), "15.09"),
                Mutant.of(0, "failures made in advance", Broken.client(() -> MadeInAdvance::new), "15.09"));
    }

    private static Mutant provider(
            int number, String title, Class<? extends LockProvider> provider, String... killers) {
        // alone: its address is in a system property
        return Mutant.of(number, title, () -> new ProviderMutant(provider), killers)
                .runningAlone();
    }

    private static final class LacksInspect extends ForwardingBackend {
        LacksInspect(LockBackend next) {
            super(next);
        }

        @Override
        public Optional<HolderInfo> holder(String name) {
            return Optional.empty();
        }
    }

    private static final class RefusesForce extends ForwardingBackend {
        RefusesForce(LockBackend next) {
            super(next);
        }

        @Override
        public boolean forceRelease(String name, long fencingToken) {
            throw new UnsupportedCapabilityException(Capability.FORCE_RELEASE, "forceRelease");
        }
    }

    private static final class ChangesCapabilities extends ForwardingClient {
        private volatile boolean used;

        ChangesCapabilities(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name) {
            used = true;
            return super.lock(name);
        }

        @Override
        public Set<Capability> capabilities() {
            var some = EnumSet.copyOf(super.capabilities());
            if (used) {
                some.remove(Capability.FAIR);
            }
            return Set.copyOf(some);
        }
    }

    private static final class ChangesLoader extends ForwardingClient {
        ChangesLoader(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name, LockOptions options) {
            Thread.currentThread().setContextClassLoader(LockClient.class.getClassLoader());
            return super.lock(name, options);
        }
    }

    private static final class OneThread extends ForwardingClient {
        private final AtomicInteger inside = new AtomicInteger();

        OneThread(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name) {
            try {
                if (inside.incrementAndGet() > 1) {
                    throw new IllegalStateException("another thread is inside");
                }
                LockSupport.parkNanos(50_000);
                return super.lock(name);
            } finally {
                inside.decrementAndGet();
            }
        }
    }

    private static final class LossIsMisuse extends ForwardingClient {
        LossIsMisuse(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                Lease wrap(Lease lease) {
                    return new ForwardingLease(lease) {
                        @Override
                        public void ensureHeld() {
                            try {
                                super.ensureHeld();
                            } catch (LeaseLostException lost) {
                                throw new IllegalStateException("not held", lost);
                            }
                        }
                    };
                }
            };
        }
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // which is the fault
    private static final class MadeInAdvance extends ForwardingClient {
        private static final LockTimeoutException TIMEOUT =
                new LockTimeoutException("a lock", Duration.ZERO, Optional.empty());

        MadeInAdvance(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public Lease acquire(Duration maxWait) throws InterruptedException {
                    return tryAcquire(maxWait).orElseThrow(() -> TIMEOUT);
                }
            };
        }
    }
}
