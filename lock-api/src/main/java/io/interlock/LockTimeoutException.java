// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.time.Duration;
import java.util.Optional;

/** Thrown when a lock was still held by another when the wait ended. */
public class LockTimeoutException extends LockException {
    private static final long serialVersionUID = 1L;

    /** The holder that was seen last; transient because it is for this process's messages only. */
    private final transient Optional<HolderInfo> holder;

    /**
     * A timeout after a wait.
     *
     * @param lockName the name of the lock
     * @param waited how long the caller waited
     * @param holder the holder that was seen last, if the backend tells
     */
    public LockTimeoutException(String lockName, Duration waited, Optional<HolderInfo> holder) {
        super(message(lockName, waited, holder), null);
        this.holder = holder;
    }

    /** {@return the holder that was seen last, if the backend tells} */
    public Optional<HolderInfo> holder() {
        return holder == null ? Optional.empty() : holder;
    }

    private static String message(String lockName, Duration waited, Optional<HolderInfo> holder) {
        return "lock '" + lockName + "' still held by "
                + holder.map(HolderInfo::describe).orElse("another") + " after " + waited.toMillis()
                + " ms; wait longer or ask the holder";
    }
}
