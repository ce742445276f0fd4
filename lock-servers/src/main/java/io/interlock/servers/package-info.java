// SPDX-License-Identifier: Apache-2.0
/**
 * Real servers on the loopback address, for tests and the demo: local processes, or containers if the system property
 * {@code lock.tck.servers} is {@code docker}.
 *
 * <p>Every server has a folder of its own and is swept up by the next start of its kind, process or container, if the
 * JVM that owned it was killed. A process is ended by its own handle.
 *
 * <p>A new kind of server is a recipe, which says how it runs in either way, and a class like {@code RedisServer}, which
 * says what its clients need; the rest is here.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.servers;
