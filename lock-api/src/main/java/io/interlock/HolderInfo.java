// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who holds a lock, as the store tells it; for people and logs, never for decisions. Immutable.
 *
 * @param host the holder's host name
 * @param pid the holder's process id on that host
 * @param thread the name of the thread that acquired the lock
 * @param label what {@link LockOptions#label} said, if anything
 * @param since when the lock was granted, by the clock of the store where it has one, else of the holder
 * @param fencingToken the token of the grant, where the backend gives tokens
 */
public record HolderInfo(
        String host,
        long pid,
        String thread,
        Optional<String> label,
        Optional<Instant> since,
        OptionalLong fencingToken) {
    /**
     * Refuses nulls.
     *
     * @param host as the record tells
     * @param pid as the record tells
     * @param thread as the record tells
     * @param label as the record tells
     * @param since as the record tells
     * @param fencingToken as the record tells
     */
    public HolderInfo {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(thread, "thread");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(fencingToken, "fencingToken");
    }

    /** {@return a sentence for a message: {@code pid 4711 on host web-3, thread worker-1, since …}} */
    public String describe() {
        var text = new StringBuilder("pid " + pid + " on host " + host + ", thread " + thread);
        label.ifPresent(l -> text.append(", label ").append(l));
        fencingToken.ifPresent(t -> text.append(", token ").append(t));
        since.ifPresent(s -> text.append(", since ").append(s));
        return text.toString();
    }
}
