// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.util.function.Supplier;

/** Sets the interrupt flag aside for calls that must do their work all the same, such as a release. */
final class Interrupts {
    private Interrupts() {}

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
