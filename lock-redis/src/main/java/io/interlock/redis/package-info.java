// SPDX-License-Identifier: Apache-2.0
/**
 * Locks in one Redis server, by one script ({@code lua}) or one plain {@code SET} ({@code set-nx-px}).
 *
 * <p>Applications open {@code redis://} or {@code rediss://} URIs and need nothing of this package. Who already owns a
 * {@link redis.clients.jedis.RedisClient} begins at {@link io.interlock.redis.RedisLocks}.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.redis;
