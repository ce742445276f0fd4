// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import io.interlock.internal.engine.LockEngine;
import io.interlock.spi.LockBackend;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way into one store: one per application and store. Thread-safe.
 *
 * <p>Opening connects; a client that opens can reach its store. Its threads are daemons.
 */
public interface LockClient extends AutoCloseable {
    /**
     * Opens the backend that a URI names, such as {@code redis://localhost:6379/0?variant=lua}, and connects.
     *
     * @param uri scheme, place and settings; the scheme chooses the backend
     * @return a new client
     * @throws LockConfigException if no installed backend has the scheme, or a setting is unknown or malformed
     * @throws LockBackendException if the store can't be reached or refuses the credentials
     */
    static LockClient open(String uri) {
        return open(LockConfig.of(uri));
    }

    /**
     * Opens the backend that a configuration names, and connects.
     *
     * @param config where the store is, and how to use it
     * @return a new client
     * @throws LockConfigException if no installed backend has the scheme, a setting is unknown or malformed, or a
     *     required capability is not declared
     * @throws LockBackendException if the store can't be reached or refuses the credentials
     */
    static LockClient open(LockConfig config) {
        return LockEngine.open(config);
    }

    /**
     * Opens a client on a backend of your own: a fake, or one around a Jedis client, {@code CuratorFramework} or
     * {@code DataSource} that you already have. Closing the client closes the backend.
     *
     * @param backend not used by another client
     * @return a new client with the default settings
     */
    static LockClient of(LockBackend backend) {
        return of(backend, LockConfig.builder().build());
    }

    /**
     * Opens a client on a backend of your own, with the engine's settings.
     *
     * @param backend not used by another client
     * @param settings the engine's settings; has no URI and no settings of a backend
     * @return a new client
     * @throws LockConfigException if a setting is not the engine's, or a required capability is not declared
     */
    static LockClient of(LockBackend backend, LockConfig settings) {
        return LockEngine.of(backend, settings);
    }

    /**
     * The lock of a name, with default options. Cheap: no I/O, nothing is remembered.
     *
     * @param name any non-empty Unicode string of at most 255 UTF-8 bytes; names are compared exactly
     * @return the lock
     * @throws IllegalArgumentException if the name is empty, too long, or has a lone surrogate
     * @throws IllegalStateException if the client is closed
     */
    DistributedLock lock(String name);

    /**
     * The lock of a name. Cheap: no I/O, nothing is remembered.
     *
     * @param name any non-empty Unicode string of at most 255 UTF-8 bytes; names are compared exactly
     * @param options lease time, renewal, cap and label of the leases that this object acquires
     * @return the lock
     * @throws IllegalArgumentException if the name is empty, too long, or has a lone surrogate
     * @throws IllegalStateException if the client is closed
     */
    DistributedLock lock(String name, LockOptions options);

    /** {@return what the backend's variant promises; constant} */
    Set<Capability> capabilities();

    /**
     * Asks the store who holds a lock. Creates nothing and changes nothing.
     *
     * @param name the name of the lock
     * @return the holder, or empty if the lock is free
     * @throws UnsupportedCapabilityException if the backend does not declare {@link Capability#INSPECT}
     * @throws LockBackendException if the store fails
     */
    Optional<HolderInfo> holder(String name);

    /**
     * Ends somebody's grant, for operators. The former holder is told {@link LossReason#FORCED} at its next renewal and
     * may work on until then: let the protected resource check fencing tokens.
     *
     * @param name the name of the lock
     * @param fencingToken the token of the grant that is to end, as {@link #holder} shows it; a later grant is not
     *     touched
     * @return whether that grant was there
     * @throws UnsupportedCapabilityException if the backend does not declare {@link Capability#FORCE_RELEASE}
     * @throws LockBackendException if the store fails
     */
    boolean forceRelease(String name, long fencingToken);

    /**
     * Looks whether the store is fit for locks, as it is set up now: for operators, at a deployment or when something is
     * odd. Takes no lock and changes nothing. May take several calls to the store, each of which ends within the call
     * timeout.
     *
     * @return what was found, the worst first; never empty
     * @throws LockBackendException if the store fails
     * @throws IllegalStateException if the client is closed
     */
    List<Finding> diagnose();

    /**
     * Adds a listener for all locks of this client.
     *
     * @param listener called on the client's callback executor
     * @return closes to remove the listener
     */
    Registration addListener(LockListener listener);

    /**
     * Ends every wait with {@link IllegalStateException}, tells held leases {@link LossReason#CLOSED} and releases
     * them, then closes the backend. Idempotent; safe in a listener. Ends within three call timeouts even if the store
     * does not answer.
     */
    @Override
    void close();
}
