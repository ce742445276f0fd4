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
import org.jspecify.annotations.Nullable;

/**
 * The variant {@code setnx-expire}, as it was written before {@code SET} could do both: one command makes the entry, the
 * next one gives it an expiry; renewal and release look who holds the lock, and act in a second step. Thread-safe.
 *
 * <p>Not mended on purpose: what may happen between two commands is what the variant is there to show.
 */
final class SetNxExpireProtocol implements LockProtocol {
    private final RedisStore store;
    private final RedisOptions options;

    SetNxExpireProtocol(RedisStore store, RedisOptions options) {
        this.store = store;
        this.options = options;
    }

    @Override
    public Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        StoreCall call = call("acquire", request.name(), request.callTimeout());
        String key = key(request.name());
        String entry = TextEntry.of(owner, request.holder()).text();
        Optional<Acquisition> made = store.converse(call, key, server -> {
            boolean isNew = Replies.number(server.command(Command.of("SETNX", key, entry))) == 1;
            return isNew ? Optional.of(expiring(call, server, key, request.lease())) : Optional.empty();
        });
        return made.isPresent() ? made.get() : present(call, request, owner);
    }

    /** There is an entry: another's, or our own if the attempt is repeated with its id. */
    private Acquisition present(StoreCall call, LockRequest request, OwnerId owner) throws InterruptedException {
        Optional<TextEntry> present = read(call, key(request.name()));
        boolean ours = present.isPresent() && present.get().isOf(owner);
        return ours && expire(call, key(request.name()), request.lease())
                ? new Acquisition.Granted(0)
                : new Acquisition.Held(Optional.empty(), present.map(TextEntry::holder));
    }

    /** From here on there is an entry of ours: whatever fails leaves one, and must be undone. */
    private Acquisition expiring(StoreCall call, Conversation server, String key, Duration lease) {
        try {
            boolean expires = Replies.number(server.command(expiry(key, lease))) == 1;
            return expires ? new Acquisition.Granted(0) : new Acquisition.Held(Optional.empty(), Optional.empty());
        } catch (RuntimeException e) {
            // without a reply the outcome is unknown anyway
            throw RedisErrors.isReply(e) ? store.errors().torn(call, e) : e;
        }
    }

    @Override
    public Renewal renew(LockRequest request, OwnerId owner, Duration lease) throws InterruptedException {
        StoreCall call = call("renew", request.name(), Durations.atMost(request.callTimeout(), lease.dividedBy(3)));
        String key = key(request.name());
        Optional<TextEntry> present = read(call, key);
        if (present.isPresent() && !present.get().isOf(owner)) {
            return Renewal.TAKEN;
        }
        return present.isPresent() && expire(call, key, lease) ? Renewal.RENEWED : Renewal.GONE;
    }

    @Override
    public ReleaseOutcome release(LockRequest request, OwnerId owner) throws InterruptedException {
        StoreCall call = call("release", request.name(), request.callTimeout());
        return delete(call, key(request.name()), owner, read(call, key(request.name())));
    }

    @Override
    public boolean releasesInOneStep() {
        return false;
    }

    /**
     * Nothing found proves nothing: the request may still come, so the engine asks again until a lease has passed. What
     * is about to end is left to do so, or the second command might come after it and hit the next owner's entry.
     */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        StoreCall call = call("undo", request.name(), request.callTimeout());
        String key = key(request.name());
        List<?> replies = store.commands(call, List.of(Command.of("GET", key), Command.of("PTTL", key)));
        Optional<TextEntry> present = entry(call, store.errors().checked(call, replies.get(0)));
        long left = Replies.number(store.errors().checked(call, replies.get(1)));
        boolean isEnding =
                left >= 0 && left <= Durations.lastMoments(request.lease()).toMillis();
        return isEnding ? ReleaseOutcome.NOT_HELD : delete(call, key, owner, present);
    }

    @Override
    public Optional<HolderInfo> holder(String name) throws InterruptedException {
        return read(call("holder", name, options.callTimeout()), key(name)).map(TextEntry::holder);
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        throw new UnsupportedCapabilityException(Capability.FORCE_RELEASE, "forceRelease");
    }

    private boolean expire(StoreCall call, String key, Duration lease) throws InterruptedException {
        return Replies.number(store.command(call, expiry(key, lease))) == 1;
    }

    private static Command expiry(String key, Duration lease) {
        return Command.of("PEXPIRE", key, Long.toString(lease.toMillis()));
    }

    private ReleaseOutcome delete(StoreCall call, String key, OwnerId owner, Optional<TextEntry> present)
            throws InterruptedException {
        if (present.isEmpty() || !present.get().isOf(owner)) {
            return ReleaseOutcome.NOT_HELD;
        }
        long deleted = Replies.number(store.command(call, Command.of("DEL", key)));
        return deleted == 1 ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
    }

    private Optional<TextEntry> read(StoreCall call, String key) throws InterruptedException {
        return entry(call, store.command(call, Command.of("GET", key)));
    }

    private Optional<TextEntry> entry(StoreCall call, @Nullable Object reply) {
        return Optional.ofNullable(Replies.text(reply)).map(text -> TextEntry.parse(store.errors(), call, text));
    }

    private String key(String name) {
        return LockKeys.of(options.namespace(), name).lock();
    }

    private static StoreCall call(String verb, String name, Duration timeout) {
        return StoreCall.begin(verb + " of lock '" + name + "'", timeout);
    }
}
