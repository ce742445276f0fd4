// SPDX-License-Identifier: Apache-2.0
/**
 * Real servers as local processes on the loopback address, for tests and the demo.
 *
 * <p>Every server runs in a folder of its own, is ended by its own process handle, and is swept up by the next start if
 * the JVM that owned it was killed.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.servers;
