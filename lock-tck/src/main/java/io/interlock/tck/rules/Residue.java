// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.Trial;

/** What calls that are to leave nothing behind have left in the store, as far as one can look into it. */
final class Residue {
    private Residue() {}

    /** Counts entries; 0 if nobody can look. */
    static int of(Trial trial, String name) {
        return trial.backend().store().map(store -> store.entries(name)).orElse(0);
    }

    /** Demands that there are as many as before. */
    static void assertUnchanged(Trial trial, String name, int before, String after) {
        int now = of(trial, name);
        if (now != before) {
            throw new AssertionError("the store keeps " + now + " entries for lock '" + name + "' after " + after
                    + "; it kept " + before + " before");
        }
    }
}
