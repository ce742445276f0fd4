// SPDX-License-Identifier: Apache-2.0
/**
 * What authors of backends import: one attempt, one renewal, one release, and a word on when to try again.
 *
 * <p>A backend registers a {@link io.interlock.spi.LockProvider}, which opens a {@link io.interlock.spi.LockBackend};
 * that makes a {@link io.interlock.spi.Contender} for every acquisition, whose successful
 * {@link io.interlock.spi.Attempt} carries a {@link io.interlock.spi.Grant}. Waiting, renewal, loss, undo and async are
 * the engine's work. A store whose grants end by themselves starts from {@link io.interlock.spi.LeasedGrant}, and
 * {@link io.interlock.spi.Unanswered} makes outcomes of a store's failures.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.spi;
