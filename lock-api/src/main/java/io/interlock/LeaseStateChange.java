// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.util.Objects;
import java.util.Optional;

/**
 * One change of a lease's state. Immutable.
 *
 * @param lockName the name of the lock
 * @param state the new state
 * @param reason why the lease was lost; present if and only if the state is {@link LeaseState#LOST}
 */
public record LeaseStateChange(String lockName, LeaseState state, Optional<LossReason> reason) {
    /**
     * Checks that a reason is given for a loss and for nothing else.
     *
     * @param lockName as the record tells
     * @param state as the record tells
     * @param reason as the record tells
     */
    public LeaseStateChange {
        Objects.requireNonNull(lockName, "lockName");
        if (reason.isPresent() != (state == LeaseState.LOST)) {
            throw new IllegalArgumentException("state " + state + " with reason " + reason);
        }
    }
}
