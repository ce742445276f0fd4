// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import io.interlock.HolderInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The store's answer to one try. Immutable. */
public sealed interface Attempt {
    /**
     * The lock is ours.
     *
     * @param grant what the backend knows of it
     */
    record Granted(Grant grant) implements Attempt {
        /**
         * Refuses null.
         *
         * @param grant as the record tells
         */
        public Granted {
            Objects.requireNonNull(grant, "grant");
        }
    }

    /**
     * Another holds the lock, or stands before us.
     *
     * @param retryAfter when to try again unless woken before; polling backends add jitter
     * @param holder who holds it, where the answer tells
     */
    record Refused(Duration retryAfter, Optional<HolderInfo> holder) implements Attempt {
        /**
         * Refuses nulls.
         *
         * @param retryAfter as the record tells
         * @param holder as the record tells
         */
        public Refused {
            Objects.requireNonNull(retryAfter, "retryAfter");
            Objects.requireNonNull(holder, "holder");
        }
    }
}
