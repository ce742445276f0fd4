// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

/** The ways in which a wait can end without the grant that is on its way. */
enum LateGrant {
    DEADLINE("timed out"),
    INTERRUPT("was interrupted"),
    CANCEL("was cancelled");

    private final String words;

    LateGrant(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
