// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

/** What happens between the statements of an attempt: nothing, except in tests that stop a client there. */
interface Seam {
    /** Where an attempt stands. */
    enum Point {
        /** It has looked, and found the lock free. */
        LOOKED,
        /** It has a row of its own, without a token. */
        TAKEN,
        /** It has a token, which the row does not have yet. */
        NUMBERED,
        /** Its row has the token. */
        CONFIRMED
    }

    Seam NONE = point -> {};

    void at(Point point) throws InterruptedException;
}
