// SPDX-License-Identifier: Apache-2.0
/** The fault proxy. Not exported. */
@NullMarked
package io.interlock.tck.net;

import org.jspecify.annotations.NullMarked;
