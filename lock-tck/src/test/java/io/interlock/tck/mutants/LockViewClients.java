// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Clients whose locks know too much of their threads. */
final class LockViewClients {
    private LockViewClients() {}

    static final class Reentrant extends ForwardingClient {
        private final Map<String, Map.Entry<Thread, Lease>> owners = new ConcurrentHashMap<>();

        Reentrant(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                private Optional<Lease> again() {
                    return Optional.ofNullable(owners.get(lock.name()))
                            .filter(owner -> owner.getKey() == Thread.currentThread())
                            .map(Map.Entry::getValue)
                            .filter(Lease::isHeld);
                }

                @Override
                Lease wrap(Lease lease) {
                    owners.put(lock.name(), Map.entry(Thread.currentThread(), lease));
                    return lease;
                }

                @Override
                public Optional<Lease> tryAcquire() {
                    return again().or(super::tryAcquire);
                }
            };
        }
    }

    static final class SettingLeases extends ForwardingClient {
        private final Map<String, Lease> held;

        SettingLeases(LockClient next, Map<String, Lease> held) {
            super(next);
            this.held = held;
        }

        @Override
        public DistributedLock lock(String name, LockOptions options) {
            DistributedLock lock = next.lock(name, options);
            return LockViewMutants.withView(lock, new ToyView(lock) {
                @Override
                public void lock() {
                    super.lock();
                    held.put(name, Objects.requireNonNull(hold).lease);
                }

                @Override
                void refused() {
                    Optional.ofNullable(held.get(name)).ifPresent(outer -> outer.renew(options.lease()));
                }
            });
        }
    }
}
