// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import java.time.Duration;

/**
 * The arithmetic of pessimistic deadlines: counted from before the request was sent, with the drift between the clocks
 * of client and store taken off.
 *
 * <p>The drift allowance, one percent and two milliseconds, is that of the Redlock algorithm's published description.
 */
public final class Validity {
    private static final long FIXED_DRIFT_NANOS = Duration.ofMillis(2).toNanos();

    private Validity() {}

    /**
     * The end of the time for which a holder may rely on a grant.
     *
     * @param sentNanos the context's clock before the request was sent
     * @param lease the lease time that the request asked for
     * @return nanoseconds on the context's clock
     */
    public static long end(long sentNanos, Duration lease) {
        return sentNanos + lease.toNanos() - drift(lease).toNanos();
    }

    /**
     * How much two clocks may differ over a lease.
     *
     * @param lease the lease time
     * @return one percent of it, and two milliseconds
     */
    public static Duration drift(Duration lease) {
        return Duration.ofNanos(lease.toNanos() / 100 + FIXED_DRIFT_NANOS);
    }
}
