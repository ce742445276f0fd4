// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once a lease, when a thread waits without limit for a lock that it holds itself: the core is not reentrant, so
 * the wait ends only if another thread releases the lease.
 */
final class SelfDeadlocks {
    private static final Logger log = LoggerFactory.getLogger(SelfDeadlocks.class);

    private final Set<HeldLease> told = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    void warn(Acquisition waiting, Collection<HeldLease> held) {
        for (var lease : held) {
            CallSite holder = lease.acquisition().callSite();
            if (lease.lockName().equals(waiting.request().name())
                    && holder.isSameThread(waiting.callSite())
                    && told.add(lease)) {
                log.warn(
                        "thread waits without limit for lock '{}', which it holds itself and which is not reentrant:"
                                + " acquired at {}, waited for at {}; use asLock() for reentrancy",
                        lease.lockName(),
                        holder,
                        waiting.callSite());
            }
        }
    }
}
