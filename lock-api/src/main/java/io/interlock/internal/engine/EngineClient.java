// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockListener;
import io.interlock.LockOptions;
import io.interlock.Registration;
import io.interlock.RenewalMode;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.internal.LockNames;
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One client: the parts of the engine, wired to one backend, and the public face of them all. Thread-safe. */
final class EngineClient implements LockClient {
    private final LockBackend backend;
    private final EngineRuntime runtime;
    private final Set<Capability> capabilities;
    private final LockOptions defaults;
    private final Requests requests;
    private final long outageLimitNanos;
    private final Events events;
    private final Gates gates = new Gates();
    private final Attempts attempts = new Attempts(this);
    private final Undoer undoer;
    private final Renewer renewer;
    private final SelfDeadlocks selfDeadlocks = new SelfDeadlocks();
    private final Set<HeldLease> held = ConcurrentHashMap.newKeySet();
    private final Set<Signal> waits = ConcurrentHashMap.newKeySet();
    private final Closing closing;

    EngineClient(LockBackend backend, LockConfig config, EngineRuntime runtime) {
        this.backend = backend;
        this.runtime = runtime;
        capabilities = Set.copyOf(backend.capabilities());
        defaults = LockOptions.defaults().withLease(config.lease());
        requests = new Requests(config.callTimeout(), capabilities.contains(Capability.SESSION_BOUND), runtime);
        outageLimitNanos = Nanos.of(config.outageLimit());
        events = new Events(runtime.pools().callbacks());
        undoer = new Undoer(backend, runtime, gates::wakeFront);
        renewer = new Renewer(backend, runtime);
        closing = new Closing(this, config.callTimeout());
        // a machine that was suspended finds its leases in doubt: ask the store at once, not at the next turn
        runtime.time().onJump(() -> held.forEach(HeldLease::clockJumped));
    }

    @Override
    public DistributedLock lock(String name) {
        return lock(name, defaults);
    }

    @Override
    public DistributedLock lock(String name, LockOptions options) {
        requireOpen();
        Objects.requireNonNull(options, "options");
        boolean renewable = capabilities.contains(Capability.EXTEND) || capabilities.contains(Capability.SESSION_BOUND);
        if (options.renewal() == RenewalMode.AUTOMATIC && !renewable) {
            throw new UnsupportedCapabilityException(Capability.EXTEND, "RenewalMode.AUTOMATIC");
        }
        backend.requireLease(options.lease());
        return new EngineLock(this, LockNames.require(name), options);
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        requireOpen();
        LockNames.require(name);
        require(Capability.INSPECT, "holder");
        return Interrupts.aside(() -> backend.holder(name));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        requireOpen();
        LockNames.require(name);
        require(Capability.FORCE_RELEASE, "forceRelease");
        boolean ended = Interrupts.aside(() -> backend.forceRelease(name, fencingToken));
        gates.wakeFront(name);
        return ended;
    }

    @Override
    public List<Finding> diagnose() {
        requireOpen();
        return Interrupts.aside(backend::diagnose).stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    @Override
    public Registration addListener(LockListener listener) {
        requireOpen();
        return events.register(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void close() {
        closing.close();
    }

    boolean isClosed() {
        return closing.isClosed();
    }

    void requireOpen() {
        if (isClosed()) {
            throw closed();
        }
    }

    IllegalStateException closed() {
        return new IllegalStateException("the lock client is closed");
    }

    void require(Capability capability, String call) {
        if (!capabilities.contains(capability)) {
            throw new UnsupportedCapabilityException(capability, call);
        }
    }

    Acquisition acquisition(String name, LockOptions options, boolean waiting) {
        return requests.acquisition(name, options, waiting);
    }

    /** The holder for a message, if it can be had. */
    Optional<HolderInfo> holderIfTold(String name) {
        try {
            return capabilities.contains(Capability.INSPECT) ? holder(name) : Optional.empty();
        } catch (LockBackendException failed) {
            return Optional.empty(); // the message does without; that the lock was refused is known
        }
    }

    void told(Acquisition acquisition, int attempts, boolean acquired) {
        Duration waited = Duration.ofNanos(runtime.time().monotonicNanos() - acquisition.startedAt());
        String name = acquisition.request().name();
        events.tell(listener -> {
            if (acquired) {
                listener.acquired(name, waited, attempts);
            } else {
                listener.notAcquired(name, waited, attempts);
            }
        });
    }

    void warnOfSelfDeadlock(Acquisition acquisition) {
        selfDeadlocks.warn(acquisition, held);
    }

    LockBackend backend() {
        return backend;
    }

    EngineRuntime runtime() {
        return runtime;
    }

    Events events() {
        return events;
    }

    Gates gates() {
        return gates;
    }

    Attempts attempts() {
        return attempts;
    }

    Undoer undoer() {
        return undoer;
    }

    Renewer renewer() {
        return renewer;
    }

    Set<HeldLease> held() {
        return held;
    }

    Set<Signal> waits() {
        return waits;
    }

    long outageLimitNanos() {
        return outageLimitNanos;
    }

    /** Marks an attempt as under way; a closing client waits for its end. */
    Closing.Mark inFlight() {
        return closing.enter();
    }
}
