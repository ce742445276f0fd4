// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.time.Duration;

/**
 * How much happens at once, and for how long. Immutable.
 *
 * @param workers processes
 * @param threads threads in each process
 * @param time length of each run
 */
record Load(int workers, int threads, Duration time) {}
