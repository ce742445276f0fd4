// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

/** Tells whether this JVM is about to end, as after Ctrl-C: failures are then its consequence, and not worth a word. */
final class JvmExit {
    private JvmExit() {}

    static boolean inProgress() {
        var probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
