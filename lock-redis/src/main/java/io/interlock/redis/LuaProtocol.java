// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The variant {@code lua}: the lock is a hash of owner, token, since and holder; every step is a script. Thread-safe. */
final class LuaProtocol implements LockProtocol {
    private static final long GRANTED = 1;
    private static final long HELD = 0;
    private static final long RENEWED = 1;

    private final RedisStore store;
    private final RedisOptions options;

    LuaProtocol(RedisStore store, RedisOptions options) {
        this.store = store;
        this.options = options;
    }

    @Override
    public Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        LockKeys keys = keys(request.name());
        StoreCall call = call("acquire", request.name(), request.callTimeout());
        List<String> all = List.of(keys.lock(), keys.fence(), keys.undone(owner));
        List<String> arguments = List.of(
                owner.toString(),
                millis(request.lease()),
                Integer.toString(request.tokens()),
                HolderEntry.encode(request.holder()));
        List<?> reply = store.converse(call, keys.lock(), server -> {
            List<?> answer = Replies.list(server.eval(Script.ACQUIRE, all, arguments));
            if (Replies.number(answer.get(0)) == GRANTED) {
                server.confirm(options.replication());
            }
            return answer;
        });
        long kind = Replies.number(reply.get(0));
        if (kind == GRANTED) {
            return new Acquisition.Granted(HolderEntry.token(Replies.text(reply.get(1))));
        }
        if (kind == HELD) {
            return held(reply);
        }
        return new Acquisition.Held(Optional.empty(), Optional.empty());
    }

    @Override
    public Renewal renew(LockRequest request, OwnerId owner, Duration lease) throws InterruptedException {
        LockKeys keys = keys(request.name());
        StoreCall call = call("renew", request.name(), Durations.atMost(request.callTimeout(), lease.dividedBy(3)));
        long kind = store.converse(call, keys.lock(), server -> {
            long answer = Replies.number(server.eval(
                    Script.RENEW, List.of(keys.lock(), keys.forced()), List.of(owner.toString(), millis(lease))));
            if (answer == RENEWED) {
                server.confirm(options.replication());
            }
            return answer;
        });
        return switch ((int) kind) {
            case 1 -> Renewal.RENEWED;
            case -1 -> Renewal.TAKEN;
            case -2 -> Renewal.FORCED;
            default -> Renewal.GONE;
        };
    }

    @Override
    public ReleaseOutcome release(LockRequest request, OwnerId owner) throws InterruptedException {
        LockKeys keys = keys(request.name());
        long released = Replies.number(store.eval(
                call("release", request.name(), request.callTimeout()),
                Script.RELEASE,
                List.of(keys.lock()),
                List.of(owner.toString(), keys.channel(), store.pubSub().publish())));
        return released == 1 ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
    }

    /** Done with the first answer: the tombstone keeps a late request of this id from taking the lock. */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        LockKeys keys = keys(request.name());
        store.eval(
                call("undo", request.name(), request.callTimeout()),
                Script.UNDO,
                List.of(keys.lock(), keys.undone(owner)),
                List.of(
                        owner.toString(),
                        millis(request.lease()),
                        keys.channel(),
                        store.pubSub().publish()));
        return ReleaseOutcome.RELEASED;
    }

    @Override
    public Optional<HolderInfo> holder(String name) throws InterruptedException {
        List<?> fields = Replies.list(store.command(
                call("holder", name, options.callTimeout()),
                Command.of("HMGET", keys(name).lock(), "owner", "holder", "token", "since")));
        return fields.get(0) == null ? Optional.empty() : Optional.of(HolderEntry.decode(fields, 1));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) throws InterruptedException {
        LockKeys keys = keys(name);
        long released = Replies.number(store.eval(
                call("forceRelease", name, options.callTimeout()),
                Script.FORCE_RELEASE,
                List.of(keys.lock(), keys.forced()),
                List.of(
                        Long.toString(fencingToken),
                        keys.channel(),
                        store.pubSub().publish())));
        return released == 1;
    }

    private static Acquisition held(List<?> reply) {
        long left = Replies.number(reply.get(1));
        return new Acquisition.Held(
                left < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(left)),
                Optional.of(HolderEntry.decode(reply, 2)));
    }

    private LockKeys keys(String name) {
        return LockKeys.of(options.namespace(), name);
    }

    private static StoreCall call(String verb, String name, Duration timeout) {
        return StoreCall.begin(verb + " of lock '" + name + "'", timeout);
    }

    private static String millis(Duration lease) {
        return Long.toString(lease.toMillis());
    }
}
