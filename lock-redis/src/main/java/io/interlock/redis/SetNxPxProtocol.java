// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.HolderRecord;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variant {@code set-nx-px}: the lock is a text of owner id, space and holder record, made by one {@code SET}.
 * Thread-safe.
 */
final class SetNxPxProtocol implements LockProtocol {
    private static final Pattern VALUE = Pattern.compile("(?<owner>[0-9a-f]{32}) (?<holder>.*)", Pattern.DOTALL);

    private final RedisStore store;
    private final RedisOptions options;

    SetNxPxProtocol(RedisStore store, RedisOptions options) {
        this.store = store;
        this.options = options;
    }

    @Override
    public Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        String key = key(request.name());
        String value = owner + " " + HolderRecord.encode(request.holder());
        StoreCall call = call("acquire", request.name(), request.callTimeout());
        // GET rides along in the same round trip: it names the holder, and shows an entry of this very id
        List<?> replies = store.commands(
                call,
                List.of(Command.of("SET", key, value, "NX", "PX", millis(request.lease())), Command.of("GET", key)));
        if (store.errors().checked(call, replies.get(0)) != null) {
            return new Acquisition.Granted(0);
        }
        String present = Replies.text(store.errors().checked(call, replies.get(1)));
        if (present == null) {
            return new Acquisition.Held(Optional.empty(), Optional.empty());
        }
        Matcher parts = parsed(call, present);
        boolean ours = parts.group("owner").equals(owner.toString())
                && renew(call, request, owner, request.lease()) == Renewal.RENEWED;
        return ours ? new Acquisition.Granted(0) : new Acquisition.Held(Optional.empty(), holder(parts));
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
        String value = Replies.text(store.command(call, Command.of("GET", key(name))));
        return value == null ? Optional.empty() : holder(parsed(call, value));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        throw new UnsupportedCapabilityException(Capability.FORCE_RELEASE, "forceRelease");
    }

    private Renewal renew(StoreCall call, LockRequest request, OwnerId owner, Duration lease)
            throws InterruptedException {
        long kind = Replies.number(store.eval(
                call, Script.COMPARE_EXPIRE, List.of(key(request.name())), List.of(owner.toString(), millis(lease))));
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

    /** The entry's parts; a text that no lock made is the user's, and waiting for it to go would hide the mistake. */
    private Matcher parsed(StoreCall call, String value) {
        Matcher parts = VALUE.matcher(value);
        if (!parts.matches()) {
            throw new LockBackendException(
                    "redis at " + store.errors().address() + ": " + call.what()
                            + " failed: the key holds a text that no lock made",
                    null,
                    false);
        }
        return parts;
    }

    private static Optional<HolderInfo> holder(Matcher parts) {
        @Nullable String holderRecord = parts.group("holder");
        return Optional.ofNullable(holderRecord).map(HolderRecord::decode);
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
