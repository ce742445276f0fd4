// SPDX-License-Identifier: Apache-2.0
/**
 * The engine: everything that is hard about locks and the same for every backend, done once.
 *
 * <p>{@code LockEngine} opens an {@code EngineClient}. An acquisition is an {@code AcquireLoop}, driven by
 * {@code BlockingAcquire} or {@code AsyncAcquire}; it yields a {@code HeldLease}, which the {@code Renewer} keeps alive
 * and which the application sees as an {@code EngineLease}. What may have been granted without our knowing goes to the
 * {@code Undoer}. Time, threads and randomness come in through {@code EngineRuntime}.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.internal.engine;
