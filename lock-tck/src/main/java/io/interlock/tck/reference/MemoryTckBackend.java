// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.reference;

import io.interlock.LockClient;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.Timing;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The reference backend: locks in a store of this JVM. Thread-safe. */
public final class MemoryTckBackend implements TckBackend {
    private final MemoryLocks locks = MemoryLocks.create();
    private final StoreInspector inspector = inspectorOf(locks);

    /** {@return a look into locks that somebody else made} */
    public static StoreInspector inspectorOf(MemoryLocks locks) {
        return new MemoryInspector(locks);
    }

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public String servers() {
        return "this JVM";
    }

    @Override
    public LockClient newClient(ClientSpec spec) {
        return locks.newClient(spec.config());
    }

    /** A store of the same kind, which has a name by which all of this JVM can reach it. */
    @Override
    public Map<String, String> applicationConfig() {
        return Map.of("uri", "memory:tck-" + Integer.toHexString(System.identityHashCode(this)));
    }

    /** No network is in the way, so that leases may be shorter than elsewhere. */
    @Override
    public Timing timing() {
        return Timing.defaults().withSlack(Duration.ofMillis(150)).withMinLease(Duration.ofMillis(200));
    }

    @Override
    public Optional<StoreInspector> store() {
        return Optional.of(inspector);
    }

    @Override
    public void close() {
        // the store is garbage when its last client is closed
    }
}
