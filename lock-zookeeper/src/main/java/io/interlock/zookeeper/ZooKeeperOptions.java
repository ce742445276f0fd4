// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.Capability;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How locks are kept in ZooKeeper. Immutable; start from {@link #defaults}.
 *
 * @param variant the order in which waiters are served; {@link Variant#FAIR} unless set. Clients of both variants can
 *     share a lock.
 * @param base The node under which all locks are, {@code /interlock} unless set; made if it is missing. Within the
 *     namespace of a {@code CuratorFramework}, if that has one.
 * @param namespace Separates the locks of applications that share an ensemble; 1 to 64 characters of A-Z a-z 0-9 . _ -,
 *     {@code default} unless set.
 * @param parents what the nodes above the contenders are; {@link Parents#CONTAINER} unless set
 * @param acl who may touch the nodes; {@link Acl#OPEN} unless set
 * @param tickTime The {@code tickTime} of the ensemble's servers or more, 1 ms to 1 min, 3 s unless set. Half of it is
 *     how long a server may keep a sign of life of ours to itself. Too small: a holder that is cut off together with its
 *     server may believe in its lease for that much too long. Large: the first lock after a new session of an
 *     application's own {@code CuratorFramework} takes longer.
 * @param callTimeout the bound of calls that belong to no acquisition, such as asking for the holder; 10 ms to 60 s, 2 s
 *     unless set
 */
public record ZooKeeperOptions(
        Variant variant,
        String base,
        String namespace,
        Parents parents,
        Acl acl,
        Duration tickTime,
        Duration callTimeout) {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern BASE = Pattern.compile("/|(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final ZooKeeperOptions DEFAULTS = new ZooKeeperOptions(
            Variant.FAIR,
            "/interlock",
            "default",
            Parents.CONTAINER,
            Acl.OPEN,
            Duration.ofSeconds(3),
            Duration.ofSeconds(2));

    /** The order in which waiters are served. */
    public enum Variant {
        /**
         * Each waiter has a node in the ensemble's queue and is served in its turn, over all clients.
         *
         * <p>Guarantee: mutual exclusion, order of arrival and increasing fencing tokens over restarts and leader
         * changes of the ensemble. A grant lives and ends with the client's session. Known limits: a holder that is
         * paused beyond its session can still write, so a resource that can must check the token; and with
         * {@link Parents#CONTAINER} the servers' clocks must agree better than the gap between the last grant of an
         * idle lock and its next.
         */
        FAIR("fair"),

        /**
         * As {@link #FAIR}, but each client keeps one node a lock, whoever of its threads waits: fewer nodes and
         * watches, and no order among the threads of different clients.
         */
        UNFAIR("unfair");

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
                    Capability.EXTEND,
                    Capability.FENCING,
                    Capability.FENCING_DURABLE,
                    Capability.INSPECT,
                    Capability.PUSH_WAKEUP,
                    Capability.LOSS_SIGNAL,
                    Capability.SESSION_BOUND,
                    Capability.CLIENT_CLOCK_FREE,
                    Capability.SURVIVES_RESTART,
                    Capability.FAILOVER_SAFE,
                    Capability.FORCE_RELEASE);
            if (this == FAIR) {
                capabilities.add(Capability.FAIR);
            }
            return Collections.unmodifiableSet(capabilities);
        }

        static Variant of(String text) {
            return Choice.of("variant", text, values(), Variant::text);
        }
    }

    /** What the nodes above the contenders are. */
    public enum Parents {
        /** Containers, which the ensemble removes some time after their last child; needs servers from 3.5.3 on. */
        CONTAINER("container"),
        /** Plain nodes, which stay for ever: for names that are used again and again. */
        PERSISTENT("persistent");

        private final String text;

        Parents(String text) {
            this.text = text;
        }

        /** {@return the name in configurations} */
        public String text() {
            return text;
        }

        static Parents of(String text) {
            return Choice.of("parent", text, values(), Parents::text);
        }
    }

    /** Who may touch the nodes. */
    public enum Acl {
        /** Everybody who can connect. */
        OPEN("open"),
        /** Who authenticated as the client that made them did. */
        CREATOR("creator");

        private final String text;

        Acl(String text) {
            this.text = text;
        }

        /** {@return the name in configurations} */
        public String text() {
            return text;
        }

        static Acl of(String text) {
            return Choice.of("acl", text, values(), Acl::text);
        }
    }

    /**
     * Checks the bounds.
     *
     * @param variant see above
     * @param base see above
     * @param namespace see above
     * @param parents see above
     * @param acl see above
     * @param tickTime see above
     * @param callTimeout see above
     * @throws IllegalArgumentException if a value is out of bounds
     */
    public ZooKeeperOptions {
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(parents, "parents");
        Objects.requireNonNull(acl, "acl");
        if (!BASE.matcher(base).matches() || base.equals("/zookeeper") || base.startsWith("/zookeeper/")) {
            throw new IllegalArgumentException("base = " + base
                    + ": must be a path such as /interlock, of A-Z a-z 0-9 . _ -, and not below /zookeeper");
        }
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "namespace = " + namespace + ": must have 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        check("tickTime", tickTime, Duration.ofMillis(1), Duration.ofMinutes(1));
        check("callTimeout", callTimeout, Duration.ofMillis(10), Duration.ofSeconds(60));
    }

    /** {@return variant fair, under /interlock/default in containers, open to all, ticks of 3 s, calls within 2 s} */
    public static ZooKeeperOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another order of waiters.
     *
     * @param variant the order
     * @return a copy
     */
    public ZooKeeperOptions withVariant(Variant variant) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    /**
     * These options with another base.
     *
     * @param base a path
     * @return a copy
     */
    public ZooKeeperOptions withBase(String base) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    /**
     * These options with another namespace.
     *
     * @param namespace 1 to 64 characters of A-Z a-z 0-9 . _ -
     * @return a copy
     */
    public ZooKeeperOptions withNamespace(String namespace) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    /**
     * These options with another kind of nodes above the contenders.
     *
     * @param parents the kind
     * @return a copy
     */
    public ZooKeeperOptions withParents(Parents parents) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    /**
     * These options with another access to the nodes.
     *
     * @param acl who may touch them
     * @return a copy
     */
    public ZooKeeperOptions withAcl(Acl acl) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    /**
     * These options with another tick of the servers.
     *
     * @param tickTime from 1 ms to 1 min
     * @return a copy
     */
    public ZooKeeperOptions withTickTime(Duration tickTime) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    /**
     * These options with another bound of calls.
     *
     * @param callTimeout from 10 ms to 60 s
     * @return a copy
     */
    public ZooKeeperOptions withCallTimeout(Duration callTimeout) {
        return new ZooKeeperOptions(variant, base, namespace, parents, acl, tickTime, callTimeout);
    }

    private static void check(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    key + " = " + value + ": must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
        }
    }

    /** Texts of configurations for constants. */
    private static final class Choice {
        static <T> T of(String key, String text, T[] values, java.util.function.Function<T, String> textOf) {
            return Arrays.stream(values)
                    .filter(value -> textOf.apply(value).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(key + " = " + text + ": must be one of "
                            + Arrays.stream(values).map(textOf).toList()));
        }
    }
}
