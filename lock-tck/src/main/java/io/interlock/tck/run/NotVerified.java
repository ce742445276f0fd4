// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/** The rule can't be tested here. */
public final class NotVerified extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Ends an attempt.
     *
     * @param reason what is missing
     */
    public NotVerified(String reason) {
        super(reason);
    }
}
