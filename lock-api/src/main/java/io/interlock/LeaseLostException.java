// SPDX-License-Identifier: Apache-2.0
package io.interlock;

/** Thrown when a lease that the caller relied on was lost: somebody else may have worked under the lock since. */
public class LeaseLostException extends LockException {
    private static final long serialVersionUID = 1L;

    /** Why it was lost. */
    private final LossReason reason;

    /**
     * A loss.
     *
     * @param lockName the name of the lock
     * @param reason why it was lost
     */
    public LeaseLostException(String lockName, LossReason reason) {
        super(
                "lease of lock '" + lockName + "' was lost (" + reason
                        + "); another holder may have worked since: check what was written, then acquire anew",
                null);
        this.reason = reason;
    }

    /** {@return why it was lost} */
    public LossReason reason() {
        return reason;
    }
}
