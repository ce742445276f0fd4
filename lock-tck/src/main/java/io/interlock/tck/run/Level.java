// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/** Whom a rule binds. */
public enum Level {
    /** Every backend. */
    MUST,
    /** A backend that declares the rule's capabilities. */
    CAPABILITY,
    /** Nobody: it is measured and reported. */
    MEASURED,
    /** Nobody in this version. */
    OUT,
    /** It is another name of a rule. */
    SAME
}
