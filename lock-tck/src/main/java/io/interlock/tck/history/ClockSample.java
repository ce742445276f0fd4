// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

/**
 * One comparison of {@link System#nanoTime} between two processes (14.07): without an agreement their histories can't
 * be put together. Immutable.
 *
 * @param process whose clock was asked for
 * @param before the own clock before asking
 * @param theirs the answer
 * @param after the own clock after the answer came
 */
public record ClockSample(String process, long before, long theirs, long after) {
    /** {@return whether the answer lies between the question and its arrival} */
    public boolean agrees() {
        return before <= theirs && theirs <= after;
    }

    /** {@return the comparison in a sentence} */
    public String sentence() {
        return "14.07 the clock of " + process + " said " + Sentences.millis(theirs - before)
                + " after it was asked; the answer took " + Sentences.millis(after - before);
    }
}
