// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.time.Duration;
import java.util.Map;

/** Power over the clocks of clients in JVMs of their own. Not used by any rule of this version yet. Thread-safe. */
public interface ClockControl {
    /**
     * The environment of a JVM whose wall clock is off.
     *
     * @param offset from true time
     * @param rate how fast it runs; 1 is right
     * @return variables for the process
     */
    Map<String, String> environment(Duration offset, double rate);
}
