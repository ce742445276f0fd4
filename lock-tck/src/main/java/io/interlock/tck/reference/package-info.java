// SPDX-License-Identifier: Apache-2.0
/** The in-memory reference backend as the kit tests it. Not exported. */
@NullMarked
package io.interlock.tck.reference;

import org.jspecify.annotations.NullMarked;
