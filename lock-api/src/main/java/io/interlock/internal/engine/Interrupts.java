// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.util.function.Predicate;
import java.util.function.Supplier;

/** Sets the interrupt flag aside for calls that must do their work all the same, such as a release. */
final class Interrupts {
    private Interrupts() {}

    /**
     * The same for a call that an interrupt may cut short, and that may be repeated.
     *
     * @param isCutShort whether the call may have been cut short; it is then made once more
     */
    static <T> T aside(Supplier<T> call, Predicate<T> isCutShort) {
        boolean interrupted = Thread.interrupted();
        try {
            T result = call.get();
            if (Thread.interrupted()) {
                interrupted = true;
                return isCutShort.test(result) ? call.get() : result;
            }
            return result;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static <T> T aside(Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            return call.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
