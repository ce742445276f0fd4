// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/**
 * Something that a backend's variant promises, and that not every backend can.
 *
 * <p>Constant over the life of a client. Automatic renewal, async acquisition and the reentrant view are missing here
 * because the engine gives them to every backend. Ask for a promise with {@link LockConfig#require}; a call that needs
 * an undeclared capability throws {@link UnsupportedCapabilityException}.
 */
public enum Capability {
    /** The store ends a grant by itself when its lease time is over, so a crashed holder blocks nobody for ever. */
    LEASE,
    /** A held grant can be prolonged: {@link Lease#renew}. */
    EXTEND,
    /** Every grant carries a number larger than all earlier ones of its name: {@link Lease#fencingToken}. */
    FENCING,
    /**
     * Tokens go on increasing after restart, failover and loss of all data of the store, or acquisitions fail: never is
     * a smaller one given.
     */
    FENCING_DURABLE,
    /** The store tells who holds a lock: {@link LockClient#holder}. */
    INSPECT,
    /** Waiters are served in the order in which they queued, over all clients. */
    FAIR,
    /** A release wakes a waiter by a message of the store; nobody polls faster than the fallback re-check. */
    PUSH_WAKEUP,
    /** A grant that vanished from the store is noticed, at the latest at the next renewal, and told. */
    LOSS_SIGNAL,
    /** A grant lives and ends with the client's session in the store, not with a lease time of its own. */
    SESSION_BOUND,
    /** A grant needs the agreement of a majority of independent nodes. */
    QUORUM,
    /** Nothing that the store decides depends on the wall clock of a client. */
    CLIENT_CLOCK_FREE,
    /** A held grant outlives a restart of the store. */
    SURVIVES_RESTART,
    /** Mutual exclusion holds while the store fails over to another node. */
    FAILOVER_SAFE,
    /** An operator can end somebody else's grant: {@link LockClient#forceRelease}. */
    FORCE_RELEASE
}
