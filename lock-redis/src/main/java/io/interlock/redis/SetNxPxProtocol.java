// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The variant {@code set-nx-px}: the lock is a {@linkplain TextEntry text}, made by one {@code SET} with its expiry.
 * Thread-safe.
 */
final class SetNxPxProtocol implements LockProtocol {
    private static final long RENEWED = 1;

    private final RedisStore store;
    private final RedisOptions options;

    SetNxPxProtocol(RedisStore store, RedisOptions options) {
        this.store = store;
        this.options = options;
    }

    @Override
    public Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        String key = key(request.name());
        String value = TextEntry.of(owner, request.holder()).text();
        StoreCall call = call("acquire", request.name(), request.callTimeout());
        // GET rides along in the same round trip: it names the holder, and shows an entry of this very id
        var commands =
                List.of(Command.of("SET", key, value, "NX", "PX", millis(request.lease())), Command.of("GET", key));
        List<?> replies = store.converse(call, key, server -> {
            List<?> answers = server.commands(commands);
            if (answers.get(0) instanceof byte[]) {
                server.confirm(options.replication());
            }
            return answers;
        });
        if (store.errors().checked(call, replies.get(0)) != null) {
            return new Acquisition.Granted(0);
        }
        String present = Replies.text(store.errors().checked(call, replies.get(1)));
        if (present == null) {
            return new Acquisition.Held(Optional.empty(), Optional.empty());
        }
        TextEntry entry = TextEntry.parse(store.errors(), call, present);
        boolean ours = entry.isOf(owner) && renew(call, request, owner, request.lease()) == Renewal.RENEWED;
        return ours ? new Acquisition.Granted(0) : new Acquisition.Held(Optional.empty(), Optional.of(entry.holder()));
    }

    @Override
    public Renewal renew(LockRequest request, OwnerId owner, Duration lease) throws InterruptedException {
        Duration timeout = Durations.atMost(request.callTimeout(), lease.dividedBy(3));
        return renew(call("renew", request.name(), timeout), request, owner, lease);
    }

    @Override
    public ReleaseOutcome release(LockRequest request, OwnerId owner) throws InterruptedException {
        return delete(request, owner, "release");
    }

    /** Nothing found proves nothing: the request may still come, so the engine asks again until a lease has passed. */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        return delete(request, owner, "undo");
    }

    @Override
    public Optional<HolderInfo> holder(String name) throws InterruptedException {
        StoreCall call = call("holder", name, options.callTimeout());
        return Optional.ofNullable(Replies.text(store.command(call, Command.of("GET", key(name)))))
                .map(text -> TextEntry.parse(store.errors(), call, text).holder());
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        throw new UnsupportedCapabilityException(Capability.FORCE_RELEASE, "forceRelease");
    }

    private Renewal renew(StoreCall call, LockRequest request, OwnerId owner, Duration lease)
            throws InterruptedException {
        String key = key(request.name());
        long kind = store.converse(call, key, server -> {
            long answer = Replies.number(
                    server.eval(Script.COMPARE_EXPIRE, List.of(key), List.of(owner.toString(), millis(lease))));
            if (answer == RENEWED) {
                server.confirm(options.replication());
            }
            return answer;
        });
        return switch ((int) kind) {
            case 1 -> Renewal.RENEWED;
            case -1 -> Renewal.TAKEN;
            default -> Renewal.GONE;
        };
    }

    private ReleaseOutcome delete(LockRequest request, OwnerId owner, String verb) throws InterruptedException {
        long deleted = Replies.number(store.eval(
                call(verb, request.name(), request.callTimeout()),
                Script.COMPARE_DELETE,
                List.of(key(request.name())),
                List.of(owner.toString())));
        return deleted == 1 ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
    }

    private String key(String name) {
        return LockKeys.of(options.namespace(), name).lock();
    }

    private static StoreCall call(String verb, String name, Duration timeout) {
        return StoreCall.begin(verb + " of lock '" + name + "'", timeout);
    }

    private static String millis(Duration lease) {
        return Long.toString(lease.toMillis());
    }
}
