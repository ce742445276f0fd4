// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/**
 * What a rule measured, summed up. Times are in nanoseconds. Immutable.
 *
 * @param name such as {@code wake-up}
 * @param count how many samples
 * @param p50 the median
 * @param p99 the 99th percentile
 * @param max the largest
 * @param bound what the backend promises, scaled; 0 if nothing
 */
public record Measurement(String name, long count, long p50, long p99, long max, long bound) {}
