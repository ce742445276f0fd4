// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/** What the kit found out about a rule and a backend. */
public enum Verdict {
    /** The backend keeps the rule. */
    PASS,
    /** The backend breaks the rule. */
    FAIL,
    /** The backend breaks the rule, as its author said. */
    XFAIL,
    /** The backend keeps a rule that its author said it breaks: an error. */
    XPASS,
    /** The backend does not declare the capability, and was seen to refuse what belongs to it. */
    NOT_DECLARED,
    /** The kit could not find out; the reason says why. */
    NOT_VERIFIED,
    /** Every attempt fell into a stall of the machine: an error. */
    INVALID;

    /** {@return whether a build must fail on it} */
    public boolean isError() {
        return this == FAIL || this == XPASS || this == INVALID;
    }
}
