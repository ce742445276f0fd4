// SPDX-License-Identifier: Apache-2.0
/** The rules, one class a section, named as in the catalogue. Not exported. */
@NullMarked
package io.interlock.tck.rules;

import org.jspecify.annotations.NullMarked;
