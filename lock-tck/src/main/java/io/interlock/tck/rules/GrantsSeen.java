// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import io.interlock.tck.run.WallClockAllowed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What grants told of themselves, and whether that can be so. Confined to one thread. */
final class GrantsSeen {
    /** How far the clock of the store may be from ours. */
    private static final Duration CLOCKS_AGREE = Duration.ofSeconds(5);

    private final String name;
    private final String label;
    private final Map<Long, String> threadOfToken = new HashMap<>();

    GrantsSeen(String name, String label) {
        this.name = name;
        this.label = label;
    }

    /** One grant, as its holder saw it. */
    record Seen(
            String thread,
            String lockName,
            OptionalLong token,
            Optional<HolderInfo> holder,
            Instant before,
            Instant after) {}

    /** Takes the lock on this thread, looks at the grant, and gives it back. */
    static Seen take(Trial trial, LockClient client, DistributedLock lock) throws Exception {
        Instant before = now();
        Optional<Lease> taken = lock.tryAcquire(trial.bounds().generous());
        Instant after = now();
        try (Lease lease = taken.orElseThrow(
                () -> new TimingError("nobody holds lock '" + lock.name() + "', and a wait for it ended in vain"))) {
            var token =
                    trial.declares(Capability.FENCING) ? OptionalLong.of(lease.fencingToken()) : OptionalLong.empty();
            Optional<HolderInfo> holder = Optional.empty();
            if (trial.declares(Capability.INSPECT)) {
                holder = client.holder(lock.name());
                if (holder.isEmpty()) {
                    throw new AssertionError("lock '" + lock.name() + "' is held, and holder() tells of nobody");
                }
            }
            return new Seen(Thread.currentThread().getName(), lease.lockName(), token, holder, before, after);
        }
    }

    @WallClockAllowed
    private static Instant now() {
        return Instant.now();
    }

    void assertName(String told, String of) {
        if (!told.equals(name)) {
            throw new AssertionError("the name was given as '" + name + "', and " + of + " tells '" + told + "'");
        }
    }

    /** Checks one grant against what was asked for, and against those before it. */
    void add(Seen seen) {
        assertName(seen.lockName(), "the lease");
        seen.token().ifPresent(token -> {
            String thread = threadOfToken.put(token, seen.thread());
            if (thread != null) {
                throw new AssertionError("the grants of lock '" + name + "' to " + thread + " and " + seen.thread()
                        + " have the same token " + token);
            }
        });
        seen.holder().ifPresent(holder -> assertHolder(holder, seen));
    }

    private void assertHolder(HolderInfo holder, Seen seen) {
        assertTold("process", ProcessHandle.current().pid(), holder.pid());
        assertTold("thread", seen.thread(), holder.thread());
        assertTold("label", Optional.of(label), holder.label());
        if (holder.fencingToken().isPresent()) {
            assertTold("token", seen.token(), holder.fencingToken());
        }
        holder.since().ifPresent(since -> {
            if (since.isBefore(seen.before().minus(CLOCKS_AGREE))
                    || since.isAfter(seen.after().plus(CLOCKS_AGREE))) {
                throw new AssertionError("lock '" + name + "' was granted between " + seen.before() + " and "
                        + seen.after() + ", and its holder is told to have it since " + since);
            }
        });
    }

    private void assertTold(String what, Object given, Object told) {
        if (!given.equals(told)) {
            throw new AssertionError("the " + what + " of the holder of lock '" + name + "' is " + given
                    + ", and holder() tells " + told);
        }
    }
}
