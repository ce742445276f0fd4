// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How locks are kept in Redis. Immutable; start from {@link #defaults}.
 *
 * @param variant the protocol; {@link Variant#LUA} unless set. All clients of a namespace must use the same one: the
 *     entries differ, and a client that meets the other kind fails with the store's WRONGTYPE.
 * @param namespace Separates the locks of applications that share a server; 1 to 64 characters of A-Z a-z 0-9 . _ -,
 *     {@code default} unless set.
 * @param recheck The longest that a waiter of {@code lua} relies on wake-ups alone, 10 ms to 1 h, 5 s unless set.
 *     Short: a lost message costs less. Long: fewer commands while waiting.
 * @param poll The mean time between two attempts of a waiter of {@code set-nx-px}, 1 ms to 1 min, 50 ms unless set;
 *     each is drawn from half to one and a half of it. Short: faster hand-over. Long: fewer commands while waiting.
 * @param callTimeout the bound of calls that belong to no acquisition, such as asking for the holder; 10 ms to 60 s, 2 s
 *     unless set
 */
public record RedisOptions(Variant variant, String namespace, Duration recheck, Duration poll, Duration callTimeout) {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final RedisOptions DEFAULTS = new RedisOptions(
            Variant.LUA, "default", Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofSeconds(2));

    /** A protocol. */
    public enum Variant {
        /**
         * One script grants, numbers the grant and stores the holder; release publishes a wake-up.
         *
         * <p>Guarantee: mutual exclusion and increasing fencing tokens as long as the one server keeps its data. The
         * tokens do not go back even if it loses them, as long as its clock is not behind the last one. Known hole: a
         * fail-over to a replica, or a restart without persistence, forgets the newest grants, and a second holder may
         * come in while the first still believes in its lease; eviction of keys does the same. Fine for all uses if the
         * protected resource checks the token, and without that where a rare double run can be borne.
         */
        LUA("lua"),

        /**
         * One plain {@code SET key value NX PX lease} grants; renewal and release compare the owner in a script; waiters
         * poll.
         *
         * <p>Guarantee: mutual exclusion as long as the one server keeps its data. Known holes: those of {@link #LUA};
         * no fencing token, so a holder that was paused beyond its lease can still write; and a request that was given
         * up and arrives later than one lease after, blocks the lock for one lease. Fine where simplicity counts, such
         * as keeping a job from running twice by and large.
         */
        SET_NX_PX("set-nx-px");

        private final String text;

        Variant(String text) {
            this.text = text;
        }

        /** {@return the variant's name in configurations} */
        public String text() {
            return text;
        }

        /** {@return what the variant promises} */
        public Set<Capability> capabilities() {
            var capabilities = EnumSet.of(
                    Capability.LEASE,
                    Capability.EXTEND,
                    Capability.INSPECT,
                    Capability.LOSS_SIGNAL,
                    Capability.CLIENT_CLOCK_FREE);
            if (this == LUA) {
                capabilities.addAll(Set.of(Capability.FENCING, Capability.PUSH_WAKEUP, Capability.FORCE_RELEASE));
            }
            return Collections.unmodifiableSet(capabilities);
        }

        static Variant of(String text) {
            return Arrays.stream(values())
                    .filter(variant -> variant.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("variant = " + text + ": must be one of "
                            + Arrays.stream(values()).map(Variant::text).toList()));
        }
    }

    /**
     * Checks the bounds.
     *
     * @param variant see above
     * @param namespace see above
     * @param recheck see above
     * @param poll see above
     * @param callTimeout see above
     * @throws IllegalArgumentException if a value is out of bounds
     */
    public RedisOptions {
        Objects.requireNonNull(variant, "variant");
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "namespace = " + namespace + ": must have 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        Limit.RECHECK.check(recheck);
        Limit.POLL.check(poll);
        Limit.CALL_TIMEOUT.check(callTimeout);
    }

    /** {@return variant lua, namespace default, re-check after 5 s, poll about every 50 ms, calls within 2 s} */
    public static RedisOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another protocol.
     *
     * @param variant the protocol
     * @return a copy
     */
    public RedisOptions withVariant(Variant variant) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout);
    }

    /**
     * These options with another namespace.
     *
     * @param namespace 1 to 64 characters of A-Z a-z 0-9 . _ -
     * @return a copy
     */
    public RedisOptions withNamespace(String namespace) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout);
    }

    /**
     * These options with another re-check.
     *
     * @param recheck from 10 ms to 1 h
     * @return a copy
     */
    public RedisOptions withRecheck(Duration recheck) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout);
    }

    /**
     * These options with another time between attempts.
     *
     * @param poll from 1 ms to 1 min
     * @return a copy
     */
    public RedisOptions withPoll(Duration poll) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout);
    }

    /**
     * These options with another bound of calls.
     *
     * @param callTimeout from 10 ms to 60 s
     * @return a copy
     */
    public RedisOptions withCallTimeout(Duration callTimeout) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout);
    }

    /** The bounds of the times, here and in the provider's settings. */
    enum Limit {
        RECHECK("recheck", Duration.ofMillis(10), Duration.ofHours(1)),
        POLL("poll", Duration.ofMillis(1), Duration.ofMinutes(1)),
        CALL_TIMEOUT("callTimeout", Duration.ofMillis(10), Duration.ofSeconds(60));

        final String key;
        final Duration min;
        final Duration max;

        Limit(String key, Duration min, Duration max) {
            this.key = key;
            this.min = min;
            this.max = max;
        }

        private void check(Duration value) {
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException(
                        key + " = " + value + ": must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
            }
        }
    }
}
