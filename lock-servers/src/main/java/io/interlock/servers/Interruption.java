// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

/** Lets work be done in full on a thread that was interrupted before. */
final class Interruption {
    private Interruption() {}

    /** Does something with the interruption set aside, and puts it back whatever happens. */
    static void aside(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
