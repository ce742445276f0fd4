// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/** Something came too late: a failure that a stall of the machine may explain as well as the backend. */
public final class TimingError extends AssertionError {
    private static final long serialVersionUID = 1;

    /**
     * A failure.
     *
     * @param message what came too late, and by how much
     */
    public TimingError(String message) {
        super(message);
    }
}
