// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/** The rule can't be tested here. */
public final class NotVerified extends RuntimeException {
    /** How the reason begins where a finding is told and binds nobody. */
    static final String MEASURED_ONLY = "measured only: ";

    private static final long serialVersionUID = 1;

    /**
     * Ends an attempt.
     *
     * @param reason what is missing
     */
    public NotVerified(String reason) {
        super(reason);
    }

    /**
     * Ends an attempt of what is measured and reported only.
     *
     * @param finding what was seen
     * @return without a verdict, and not held against the backend's labels
     */
    public static NotVerified measuredOnly(String finding) {
        return new NotVerified(MEASURED_ONLY + finding);
    }
}
