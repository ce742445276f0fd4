// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The variant {@code setnx-timestamp}, as it was written before scripts: the entry says when it ends, on the clock of the
 * client that made it, and whoever finds it over by its own clock takes it with a {@code GETSET}. The store keeps it for
 * ever. Thread-safe.
 *
 * <p>Not mended on purpose: the clocks, and what a contender overwrites that comes second, are what the variant is there
 * to show.
 */
final class SetNxTimestampProtocol implements LockProtocol {
    private final RedisStore store;
    private final RedisOptions options;
    private final InstantSource clock;

    SetNxTimestampProtocol(RedisStore store, RedisOptions options, InstantSource clock) {
        this.store = store;
        this.options = options;
        this.clock = clock;
    }

    @Override
    public Acquisition acquire(LockRequest request, OwnerId owner) throws InterruptedException {
        StoreCall call = call("acquire", request.name(), request.callTimeout());
        String key = key(request.name());
        var wanted = entry(TextEntry.of(owner, request.holder()), request.lease());
        if (Replies.number(store.command(call, Command.of("SETNX", key, wanted.text()))) == 1) {
            return new Acquisition.Granted(0);
        }
        Optional<TimestampEntry> present = read(call, Command.of("GET", key));
        if (present.isEmpty()) {
            return new Acquisition.Held(Optional.empty(), Optional.empty());
        }
        if (present.get().entry().isOf(owner) && prolong(call, key, wanted) == Renewal.RENEWED) {
            return new Acquisition.Granted(0);
        }
        return isOver(present.get()) ? takeOver(call, key, wanted) : held(present.get());
    }

    /** What was there decides; but whatever it was, our own entry stands there now. */
    private Acquisition takeOver(StoreCall call, String key, TimestampEntry wanted) throws InterruptedException {
        Optional<TimestampEntry> before = read(call, Command.of("GETSET", key, wanted.text()));
        return before.isEmpty() || isOver(before.get()) ? new Acquisition.Granted(0) : held(before.get());
    }

    @Override
    public Renewal renew(LockRequest request, OwnerId owner, Duration lease) throws InterruptedException {
        StoreCall call = call("renew", request.name(), Durations.atMost(request.callTimeout(), lease.dividedBy(3)));
        String key = key(request.name());
        Optional<TimestampEntry> present = read(call, Command.of("GET", key));
        if (present.isPresent() && !present.get().entry().isOf(owner)) {
            return Renewal.TAKEN;
        }
        if (present.isEmpty() || isOver(present.get())) {
            return Renewal.GONE;
        }
        return prolong(call, key, entry(present.get().entry(), lease));
    }

    /** Says at least what was overwritten, so that who lost the lock between two commands learns of it. */
    private Renewal prolong(StoreCall call, String key, TimestampEntry wanted) throws InterruptedException {
        Optional<TimestampEntry> before = read(call, Command.of("GETSET", key, wanted.text()));
        if (before.isEmpty()) {
            return Renewal.GONE;
        }
        return before.get().entry().owner().equals(wanted.entry().owner()) ? Renewal.RENEWED : Renewal.TAKEN;
    }

    @Override
    public ReleaseOutcome release(LockRequest request, OwnerId owner) throws InterruptedException {
        StoreCall call = call("release", request.name(), request.callTimeout());
        return delete(call, request, owner, clock.instant());
    }

    @Override
    public boolean releasesInOneStep() {
        return false;
    }

    /**
     * Nothing found proves nothing: the request may still come, so the engine asks again until a lease has passed. What
     * is about to end is left to whoever takes it over, because that may happen before the second command.
     */
    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException {
        StoreCall call = call("undo", request.name(), request.callTimeout());
        return delete(call, request, owner, clock.instant().plus(Durations.lastMoments(request.lease())));
    }

    @Override
    public Optional<HolderInfo> holder(String name) throws InterruptedException {
        return read(call("holder", name, options.callTimeout()), Command.of("GET", key(name)))
                .filter(present -> !isOver(present))
                .map(present -> present.entry().holder());
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        throw new UnsupportedCapabilityException(Capability.FORCE_RELEASE, "forceRelease");
    }

    /** Unless it is over by then. */
    private ReleaseOutcome delete(StoreCall call, LockRequest request, OwnerId owner, Instant then)
            throws InterruptedException {
        String key = key(request.name());
        Optional<TimestampEntry> present = read(call, Command.of("GET", key));
        if (present.isEmpty()
                || !present.get().entry().isOf(owner)
                || present.get().isOver(then)) {
            return ReleaseOutcome.NOT_HELD;
        }
        long deleted = Replies.number(store.command(call, Command.of("DEL", key)));
        return deleted == 1 ? ReleaseOutcome.RELEASED : ReleaseOutcome.NOT_HELD;
    }

    private Optional<TimestampEntry> read(StoreCall call, Command command) throws InterruptedException {
        return Optional.ofNullable(Replies.text(store.command(call, command)))
                .map(text -> TimestampEntry.parse(store.errors(), call, text));
    }

    private Acquisition held(TimestampEntry entry) {
        Instant now = clock.instant();
        return new Acquisition.Held(
                Optional.of(entry.left(now)), Optional.of(entry.entry().holder()));
    }

    private TimestampEntry entry(TextEntry entry, Duration lease) {
        return new TimestampEntry(clock.instant().plus(lease), entry);
    }

    private boolean isOver(TimestampEntry entry) {
        return entry.isOver(clock.instant());
    }

    private String key(String name) {
        return LockKeys.of(options.namespace(), name).lock();
    }

    private static StoreCall call(String verb, String name, Duration timeout) {
        return StoreCall.begin(verb + " of lock '" + name + "'", timeout);
    }
}
