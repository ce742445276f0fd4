// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: compares the variants of the backends, and shows who holds a lock.
 *
 * <p>{@link io.interlock.demo.Main} has the commands. A comparison is a {@link io.interlock.demo.Comparison} of
 * {@link io.interlock.demo.Run}s, each carried out by worker JVMs, whose entry is {@link io.interlock.demo.WorkerMain}.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.demo;
