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
 * @param poll The mean time between two attempts of a waiter of a variant that polls, 1 ms to 1 min, 50 ms unless set;
 *     each is drawn from half to one and a half of it. Short: faster hand-over. Long: fewer commands while waiting.
 * @param callTimeout the bound of calls that belong to no acquisition, such as asking for the holder; 10 ms to 60 s, 2 s
 *     unless set
 * @param waitReplicas How many replicas must confirm a grant or renewal before it counts, up to 100; 0 unless set, and
 *     only {@link Variant#LUA} and {@link Variant#SET_NX_PX} can wait. A grant that is not confirmed in time fails, and is
 *     undone; a renewal that is not prolongs nothing. All replicas: no fail-over forgets a grant. Fewer: the one that takes
 *     over may be one that had not confirmed. Costs a round trip from the server to its replicas each time.
 * @param waitReplicasTimeout how long the replicas have for it, 1 ms to 1 min, 500 ms unless set; never longer than the
 *     call has left
 */
public record RedisOptions(
        Variant variant,
        String namespace,
        Duration recheck,
        Duration poll,
        Duration callTimeout,
        int waitReplicas,
        Duration waitReplicasTimeout) {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final RedisOptions DEFAULTS = new RedisOptions(
            Variant.LUA,
            "default",
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            0,
            Duration.ofMillis(500));

    /** A protocol. */
    public enum Variant {
        /**
         * One script grants, numbers the grant and stores the holder; release publishes a wake-up.
         *
         * <p>Guarantee: mutual exclusion and increasing fencing tokens as long as the one server keeps its data. The
         * tokens do not go back even if it loses them, as long as its clock is not behind the last one. Known hole: a
         * fail-over to a replica, or a restart without persistence, forgets the newest grants, and a second holder may
         * come in while the first still believes in its lease; eviction of keys does the same. Against the fail-over helps
         * {@link RedisOptions#waitReplicas}. Fine for all uses if the
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
        SET_NX_PX("set-nx-px"),

        /**
         * {@code SETNX} makes the entry, {@code PEXPIRE} then gives it an expiry; renewal and release {@code GET} it,
         * compare, and then {@code PEXPIRE} or {@code DEL} it; waiters poll. <em>Unsafe</em>: nothing of this is one step.
         *
         * <p>Guarantee: mutual exclusion among clients that neither die nor are delayed between two commands. Known
         * holes: a client that dies after its {@code SETNX} leaves a lock that never ends; a release or renewal whose
         * second command is late frees, shortens or prolongs the lock of the next owner; and those of
         * {@link #SET_NX_PX}. Still fine: never where {@link #SET_NX_PX} can be had, which every server since 2.6.12
         * can; it is here to be compared with, and to be recognised in older code.
         */
        SETNX_EXPIRE("setnx-expire"),

        /**
         * The entry says when it ends, by the clock of the client that made it; {@code SETNX} makes it, and who finds it
         * over by its own clock takes it with {@code GETSET}; waiters poll. <em>Unsafe</em>: clocks of clients decide.
         *
         * <p>Guarantee: mutual exclusion as long as all clients' clocks agree to less than what a holder leaves unused of
         * its lease, and nobody is delayed between two commands. Known holes: a client whose clock is ahead takes a lock
         * that is held; of two that take over the same old entry the second is refused and overwrites the first one's
         * entry, which is thereby lost, and the lock then stays taken by nobody for a lease; a late release or renewal
         * hits the next owner, as with {@link #SETNX_EXPIRE}; an entry stays for ever unless somebody releases it or
         * takes it over. Still fine: never where {@link #SET_NX_PX} can be had; as for {@link #SETNX_EXPIRE}.
         */
        SETNX_TIMESTAMP("setnx-timestamp"),

        /**
         * An odd number of independent servers is asked at once, and a majority grants; tokens are agreed on in a second
         * round; waiters poll.
         *
         * <p>Guarantee: mutual exclusion and increasing fencing tokens while any minority of the servers is down, slow or
         * starts anew. Conditions: no server is a replica or has one that takes over; no server's clock steps by more than
         * the drift that leases allow for (one percent and 2 ms), or else two may hold the lock, though their tokens still
         * increase; a server that lost its data stays out for {@link RedlockOptions#restartDelay}. Fine for those who can't
         * bear that one server decides, and have three of them.
         */
        REDLOCK("redlock");

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
            if (this == SETNX_TIMESTAMP) {
                capabilities.remove(Capability.CLIENT_CLOCK_FREE);
            }
            if (this == LUA) {
                capabilities.addAll(Set.of(Capability.FENCING, Capability.PUSH_WAKEUP, Capability.FORCE_RELEASE));
            }
            if (this == REDLOCK) {
                capabilities.addAll(Set.of(Capability.FENCING, Capability.QUORUM, Capability.FORCE_RELEASE));
            }
            return Collections.unmodifiableSet(capabilities);
        }

        /** {@return whether it has holes that a client can fall into by dying or being late, and not only by losing data} */
        public boolean isUnsafe() {
            return this == SETNX_EXPIRE || this == SETNX_TIMESTAMP;
        }

        boolean waitsForReplicas() {
            return this == LUA || this == SET_NX_PX;
        }

        static String waitsInVain(Variant variant, int replicas) {
            return "waitReplicas = " + replicas + ": not for " + variant.text() + "; lua and set-nx-px can wait";
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
     * @param waitReplicas see above
     * @param waitReplicasTimeout see above
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
        Limit.WAIT_REPLICAS_TIMEOUT.check(waitReplicasTimeout);
        if (waitReplicas < 0 || waitReplicas > Replication.MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    "waitReplicas = " + waitReplicas + ": must be from 0 to " + Replication.MAX_REPLICAS);
        }
        if (waitReplicas > 0 && !variant.waitsForReplicas()) {
            throw new IllegalArgumentException(Variant.waitsInVain(variant, waitReplicas));
        }
    }

    /** {@return variant lua, namespace default, re-check after 5 s, poll about every 50 ms, calls within 2 s, no replicas} */
    public static RedisOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another protocol.
     *
     * @param variant the protocol
     * @return a copy
     * @throws IllegalArgumentException if it is {@linkplain Variant#isUnsafe unsafe}
     */
    public RedisOptions withVariant(Variant variant) {
        if (variant.isUnsafe()) {
            throw new IllegalArgumentException("variant = " + variant.text()
                    + ": is unsafe; take another, or withUnsafeVariant for a demonstration");
        }
        return withUnsafeVariant(variant);
    }

    /**
     * These options with any protocol, even one that breaks its promise when a client dies or is late.
     *
     * @param variant the protocol
     * @return a copy
     */
    public RedisOptions withUnsafeVariant(Variant variant) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout, waitReplicas, waitReplicasTimeout);
    }

    /**
     * These options with another namespace.
     *
     * @param namespace 1 to 64 characters of A-Z a-z 0-9 . _ -
     * @return a copy
     */
    public RedisOptions withNamespace(String namespace) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout, waitReplicas, waitReplicasTimeout);
    }

    /**
     * These options with another re-check.
     *
     * @param recheck from 10 ms to 1 h
     * @return a copy
     */
    public RedisOptions withRecheck(Duration recheck) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout, waitReplicas, waitReplicasTimeout);
    }

    /**
     * These options with another time between attempts.
     *
     * @param poll from 1 ms to 1 min
     * @return a copy
     */
    public RedisOptions withPoll(Duration poll) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout, waitReplicas, waitReplicasTimeout);
    }

    /**
     * These options with another bound of calls.
     *
     * @param callTimeout from 10 ms to 60 s
     * @return a copy
     */
    public RedisOptions withCallTimeout(Duration callTimeout) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout, waitReplicas, waitReplicasTimeout);
    }

    /**
     * These options with replicas that must confirm.
     *
     * @param replicas how many, from 0 to 100
     * @param timeout how long they have, from 1 ms to 1 min
     * @return a copy
     */
    public RedisOptions withWaitReplicas(int replicas, Duration timeout) {
        return new RedisOptions(variant, namespace, recheck, poll, callTimeout, replicas, timeout);
    }

    Replication replication() {
        return new Replication(waitReplicas, waitReplicasTimeout);
    }
}
