// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.time.Duration;

/**
 * How the nodes of variant {@code redlock} are asked, beside {@link RedisOptions}. Immutable; start from {@link #defaults}.
 *
 * @param nodeTimeout The longest that one node is waited for in one round, 5 ms to 10 s, 500 ms unless set; both rounds
 *     must end within a call, which has a third of the lease at most. Short: a minority that hangs holds threads for less.
 *     Long: slow networks work.
 * @param restartDelay How long a server must have been up before its vote counts, 0 to 48 h, 1 min unless set. At least the
 *     longest lease of any client and what the nodes' clocks may differ: a node that has lost its data would grant locks
 *     that still stand. Leases that are longer are refused. 0 leaves that to the operator, who must then wait so long
 *     before starting a node again, or keep every write on its disk ({@code appendfsync always}).
 */
public record RedlockOptions(Duration nodeTimeout, Duration restartDelay) {
    static final Duration MIN_NODE_TIMEOUT = Duration.ofMillis(5);
    static final Duration MAX_NODE_TIMEOUT = Duration.ofSeconds(10);
    static final Duration MAX_RESTART_DELAY = Duration.ofDays(2);
    private static final RedlockOptions DEFAULTS = new RedlockOptions(Duration.ofMillis(500), Duration.ofMinutes(1));

    /**
     * Checks the bounds.
     *
     * @param nodeTimeout see above
     * @param restartDelay see above
     * @throws IllegalArgumentException if a value is out of bounds
     */
    public RedlockOptions {
        check("nodeTimeout", nodeTimeout, MIN_NODE_TIMEOUT, MAX_NODE_TIMEOUT);
        check("restartDelay", restartDelay, Duration.ZERO, MAX_RESTART_DELAY);
    }

    /** {@return half a second for a node's answer, a minute after a node's start} */
    public static RedlockOptions defaults() {
        return DEFAULTS;
    }

    /**
     * These options with another bound of one node's answer.
     *
     * @param nodeTimeout from 5 ms to 10 s
     * @return a copy
     */
    public RedlockOptions withNodeTimeout(Duration nodeTimeout) {
        return new RedlockOptions(nodeTimeout, restartDelay);
    }

    /**
     * These options with another delay after a node's start.
     *
     * @param restartDelay from 0 to 48 h; the same for all clients
     * @return a copy
     */
    public RedlockOptions withRestartDelay(Duration restartDelay) {
        return new RedlockOptions(nodeTimeout, restartDelay);
    }

    /** Whether a node that has lost a lock of this lease surely votes only when it is over. */
    boolean covers(Duration lease) {
        return restartDelay.isZero() || lease.compareTo(restartDelay) <= 0;
    }

    /** What is wrong with a lease that is not covered. */
    String refusal(Duration lease) {
        return "lease = " + lease.toMillis() + "ms: must be at most the restartDelay of " + restartDelay.toMillis()
                + "ms, since a node that restarts without its data votes again after that; use a longer restartDelay in"
                + " all clients";
    }

    void require(Duration lease) {
        if (!covers(lease)) {
            throw new IllegalArgumentException(refusal(lease));
        }
    }

    private static void check(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    key + " = " + value + ": must be from " + min.toMillis() + "ms to " + max.toMillis() + "ms");
        }
    }
}
