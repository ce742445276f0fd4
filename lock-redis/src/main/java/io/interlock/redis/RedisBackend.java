// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Unanswered;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client's locks in one store. Thread-safe. */
final class RedisBackend implements LockBackend {
    private final RedisStore store;
    private final RedisOptions options;
    private final LockProtocol protocol;
    private volatile @Nullable Running running; // set once, by start

    RedisBackend(RedisStore store, RedisOptions options) {
        this(store, options, protocol(store, options));
    }

    /** With a protocol of one's own, for tests of a variant that reads a clock. */
    RedisBackend(RedisStore store, RedisOptions options, LockProtocol protocol) {
        this.store = store;
        this.options = options;
        this.protocol = protocol;
    }

    private static LockProtocol protocol(RedisStore store, RedisOptions options) {
        return switch (options.variant()) {
            case LUA -> new LuaProtocol(store, options);
            case SET_NX_PX -> new SetNxPxProtocol(store, options);
            case SETNX_EXPIRE -> new SetNxExpireProtocol(store, options);
            case SETNX_TIMESTAMP -> new SetNxTimestampProtocol(store, options, InstantSource.system());
            case REDLOCK -> throw new IllegalArgumentException("variant = redlock: needs several independent servers");
        };
    }

    @Override
    public void start(BackendContext context) {
        store.start(context.ioExecutor());
        running = new Running(context, store.wakeUps(context, options.callTimeout()));
    }

    @Override
    public Set<Capability> capabilities() {
        return options.variant().capabilities();
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        Running now = running();
        Waiting waiting = waiting(now, request, wakeUp);
        return new RedisContender(protocol, now.context(), request, waiting);
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        return Unanswered.orElse(ReleaseOutcome.UNKNOWN, () -> protocol.undo(request, owner));
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        return Unanswered.orThrow("holder of lock '" + name + "'", () -> protocol.holder(name));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        return Unanswered.orThrow(
                "forceRelease of lock '" + name + "'", () -> protocol.forceRelease(name, fencingToken));
    }

    @Override
    public List<Finding> diagnose() {
        return Unanswered.orThrow("diagnosis", () -> Diagnosis.run(store, options));
    }

    @Override
    public void close() {
        Running now = running;
        if (now != null) {
            now.wakeUps().close();
        }
        store.close();
    }

    private Waiting waiting(Running now, LockRequest request, Runnable wakeUp) {
        var random = now.context().random();
        if (!request.waiting() || options.variant() != RedisOptions.Variant.LUA) {
            return new PollWaiting(options.poll(), random);
        }
        String channel = LockKeys.of(options.namespace(), request.name()).channel();
        return new PushWaiting(() -> now.wakeUps().subscribe(channel, wakeUp), options.recheck(), random);
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    /** What there is from the start on. */
    private record Running(BackendContext context, Waking wakeUps) {}
}
