// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.Capability;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One client of a toy store. Right, unless it was made with a fault. Thread-safe. */
final class ToyBackend implements LockBackend {
    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.LEASE,
            Capability.EXTEND,
            Capability.FENCING,
            Capability.INSPECT,
            Capability.PUSH_WAKEUP,
            Capability.LOSS_SIGNAL,
            Capability.CLIENT_CLOCK_FREE,
            Capability.FORCE_RELEASE);

    private final ToyPool pool;
    private final ToyPush push;
    private final ToyProtocol protocol;
    private final ToyFault fault;
    private final String namespace;
    private final Duration callTimeout;
    private final ReentrantLock renewals = new ReentrantLock();
    private volatile @Nullable BackendContext context;

    /** A call to the store. */
    interface Call<T> {
        T run() throws InterruptedException;
    }

    private ToyBackend(InetSocketAddress address, LockConfig config, ToyFault fault) {
        this.fault = fault;
        namespace = config.namespace();
        callTimeout = config.callTimeout();
        pool = new ToyPool(address);
        push = new ToyPush(address, fault);
        var right = new LineProtocol(pool, namespace);
        protocol = fault == ToyFault.NONE
                ? right
                : new BrokenProtocol(right, fault, () -> push.reconnects() + pool.breaks());
    }

    /** Connects. */
    static ToyBackend open(InetSocketAddress address, LockConfig config, ToyFault fault) {
        var backend = new ToyBackend(address, config, fault);
        try {
            backend.ask("PING");
            return backend;
        } catch (LockBackendException unreachable) {
            backend.close();
            throw unreachable;
        }
    }

    @Override
    public void start(BackendContext lent) {
        context = lent;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        return new ToyContender(this, request, wakeUp);
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        return orUnknown(() -> protocol.undo(request, owner));
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        String[] words = ask("HOLDER " + key(name)).split(" ", -1);
        return words[0].equals("HELD") ? Optional.of(ToyProtocol.holder(words)) : Optional.empty();
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        return ask("FORCE " + key(name) + " " + fencingToken).equals("1");
    }

    @Override
    public void close() {
        push.close();
        pool.close();
    }

    ToyProtocol protocol() {
        return protocol;
    }

    ToyPush push() {
        return push;
    }

    ToyFault fault() {
        return fault;
    }

    /** The turn of renewals, for the fault that makes them wait for each other. */
    ReentrantLock renewals() {
        return renewals;
    }

    BackendContext context() {
        BackendContext lent = context;
        if (lent == null) {
            throw new IllegalStateException("the backend was not started");
        }
        return lent;
    }

    String key(String name) {
        return ToyProtocol.key(namespace, name);
    }

    ReleaseOutcome orUnknown(Call<ReleaseOutcome> call) {
        try {
            return call.run();
        } catch (LockBackendException failed) {
            return ReleaseOutcome.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ReleaseOutcome.UNKNOWN;
        }
    }

    private String ask(String line) {
        try {
            return pool.ask(line, callTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LockBackendException("interrupted: " + line, e, true);
        }
    }
}
