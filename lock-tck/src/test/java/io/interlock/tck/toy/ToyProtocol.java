// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.HolderRecord;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What a client says to the store, one step a verb. Thread-safe. */
interface ToyProtocol {
    /** The answer to an attempt. */
    sealed interface Answer {
        /** The lock is ours. */
        record Granted(String owner, long token) implements Answer {}

        /** Another's, for so long yet. */
        record Held(Duration left, Optional<HolderInfo> holder) implements Answer {}
    }

    /** The answer to a renewal. */
    enum Renewal {
        RENEWED,
        GONE,
        TAKEN,
        FORCED
    }

    Answer acquire(LockRequest request, OwnerId owner) throws InterruptedException;

    Renewal renew(LockRequest request, String owner, Duration lease) throws InterruptedException;

    boolean release(LockRequest request, String owner) throws InterruptedException;

    ReleaseOutcome undo(LockRequest request, OwnerId owner) throws InterruptedException;

    /** Without spaces, and different for different pairs. */
    static String key(String namespace, String name) {
        return namespace + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    static String micros(Duration lease) {
        return Long.toString(TimeUnit.NANOSECONDS.toMicros(lease.toNanos()));
    }

    static String holder(LockRequest request) {
        return HolderRecord.encode(request.holder());
    }

    /** Of the words HELD, time left, owner, token, since, holder. */
    static HolderInfo holder(String[] words) {
        HolderInfo holder = HolderRecord.decode(words[5]);
        return new HolderInfo(
                holder.host(),
                holder.pid(),
                holder.thread(),
                holder.label(),
                Optional.of(Instant.EPOCH.plus(Long.parseLong(words[4]), ChronoUnit.MICROS)),
                OptionalLong.of(Long.parseLong(words[3])));
    }
}
