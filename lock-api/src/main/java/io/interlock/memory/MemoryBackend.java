// SPDX-License-Identifier: Apache-2.0
package io.interlock.memory;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client's way into a {@link MemoryStore}. Thread-safe. */
final class MemoryBackend implements LockBackend {
    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.LEASE,
            Capability.EXTEND,
            Capability.FENCING,
            Capability.INSPECT,
            Capability.FAIR,
            Capability.PUSH_WAKEUP,
            Capability.LOSS_SIGNAL,
            Capability.CLIENT_CLOCK_FREE,
            Capability.FORCE_RELEASE));

    private final MemoryStore store;
    private final String namespace;
    private final Runnable onClose;
    private volatile @Nullable BackendContext context;

    MemoryBackend(MemoryStore store, String namespace, Runnable onClose) {
        this.store = store;
        this.namespace = namespace;
        this.onClose = onClose;
    }

    @Override
    public void start(BackendContext context) {
        this.context = context;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        return new MemoryContender(this, key(request.name()), request, wakeUp);
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        store.faults().command();
        store.undo(key(request.name()), owner, request.lease());
        return ReleaseOutcome.RELEASED;
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        store.faults().command();
        return store.holder(key(name));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        store.faults().command();
        return store.forceRelease(key(name), fencingToken);
    }

    @Override
    public List<Finding> diagnose() {
        store.faults().command();
        return List.of(Finding.warning(
                "the store is in this JVM: no other process knows of these locks, and they are gone when it ends",
                "use it for tests, and a store that all processes can reach for anything else"));
    }

    @Override
    public void close() {
        onClose.run();
    }

    MemoryStore store() {
        return store;
    }

    long nanoTime() {
        BackendContext started = context;
        if (started == null) {
            throw new IllegalStateException("the backend was not started");
        }
        return started.nanoTime();
    }

    private MemoryStore.Key key(String name) {
        return new MemoryStore.Key(namespace, name);
    }
}
