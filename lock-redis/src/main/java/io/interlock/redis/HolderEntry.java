// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.spi.HolderRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The holder as the hash of {@code lua} tells it: the record, and the server's own token and time. */
final class HolderEntry {
    private HolderEntry() {}

    /** The record without a time: the server's clock is the one that all holders share. */
    static String encode(HolderInfo holder) {
        return HolderRecord.encode(new HolderInfo(
                holder.host(), holder.pid(), holder.thread(), holder.label(), Optional.empty(), OptionalLong.empty()));
    }

    /** From the fields holder, token and since of a reply, in this order. */
    static HolderInfo decode(List<? extends @Nullable Object> reply, int from) {
        return decode(
                Replies.text(reply.get(from)), Replies.text(reply.get(from + 1)), Replies.text(reply.get(from + 2)));
    }

    /** Lenient, as {@link HolderRecord#decode}: an entry edited by hand must not break the question. */
    static HolderInfo decode(@Nullable String holderRecord, @Nullable String token, @Nullable String sinceMicros) {
        HolderInfo holder = HolderRecord.decode(holderRecord == null ? "" : holderRecord);
        Optional<Long> micros = parsed(sinceMicros);
        Optional<Long> number = parsed(token);
        return new HolderInfo(
                holder.host(),
                holder.pid(),
                holder.thread(),
                holder.label(),
                micros.map(value -> Instant.EPOCH.plus(value, ChronoUnit.MICROS)),
                number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty());
    }

    /** The token of a grant; an entry without one is not ours to guess about. */
    static long token(@Nullable String token) {
        return parsed(token)
                .orElseThrow(() -> new LockBackendException("the lock's entry in redis has no token", null, true));
    }

    private static Optional<Long> parsed(@Nullable String number) {
        try {
            return number == null ? Optional.empty() : Optional.of(Long.valueOf(number));
        } catch (NumberFormatException editedByHand) {
            return Optional.empty();
        }
    }
}
