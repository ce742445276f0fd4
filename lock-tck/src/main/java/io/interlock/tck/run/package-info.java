// SPDX-License-Identifier: Apache-2.0
/** Runs rules: the catalogue, the attempts at a rule, and the verdicts. Not exported. */
@NullMarked
package io.interlock.tck.run;

import org.jspecify.annotations.NullMarked;
