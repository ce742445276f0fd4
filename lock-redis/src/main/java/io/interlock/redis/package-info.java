// SPDX-License-Identifier: Apache-2.0
/**
 * Locks in Redis, alone, behind sentinels or as a cluster: by one script ({@code lua}), by one plain {@code SET}
 * ({@code set-nx-px}), and, to compare with, as older code does it; or in several independent servers by majority
 * ({@code redlock}).
 *
 * <p>Applications open {@code redis://} or {@code rediss://} URIs and need nothing of this package. Who already owns a
 * {@link redis.clients.jedis.RedisClient} begins at {@link io.interlock.redis.RedisLocks}.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.redis;
