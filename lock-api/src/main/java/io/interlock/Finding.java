// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.util.Objects;

/**
 * One thing that {@link LockClient#diagnose} found out about a store, in sentences for people. Immutable.
 *
 * @param severity how bad it is
 * @param what was found, with the values that were seen
 * @param remedy what to do about it; empty for what is as it should be
 */
public record Finding(Severity severity, String what, String remedy) {
    /** How bad a finding is, the worst first. */
    public enum Severity {
        /** Locks break or can't be taken as things are now. */
        ERROR,
        /** Locks work now, and break or are lost when something else fails; or they cost more than they must. */
        WARNING,
        /** As it should be; good to know. */
        INFO
    }

    /**
     * Checks that what is bad has a remedy.
     *
     * @param severity as the record tells
     * @param what as the record tells
     * @param remedy as the record tells
     * @throws IllegalArgumentException if there is no text, or no remedy for something worse than {@link Severity#INFO}
     */
    public Finding {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(remedy, "remedy");
        if (what.isBlank()) {
            throw new IllegalArgumentException("what = '" + what + "': must say something");
        }
        if (remedy.isBlank() && severity != Severity.INFO) {
            throw new IllegalArgumentException("remedy = '" + remedy + "': must say what to do about: " + what);
        }
    }

    /**
     * Something that breaks locks.
     *
     * @param what was found
     * @param remedy what to do about it
     * @return a finding
     */
    public static Finding error(String what, String remedy) {
        return new Finding(Severity.ERROR, what, remedy);
    }

    /**
     * Something that may break locks one day.
     *
     * @param what was found
     * @param remedy what to do about it
     * @return a finding
     */
    public static Finding warning(String what, String remedy) {
        return new Finding(Severity.WARNING, what, remedy);
    }

    /**
     * Something that is as it should be.
     *
     * @param what was found
     * @return a finding without remedy
     */
    public static Finding info(String what) {
        return new Finding(Severity.INFO, what, "");
    }
}
