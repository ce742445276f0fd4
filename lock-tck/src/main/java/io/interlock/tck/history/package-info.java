// SPDX-License-Identifier: Apache-2.0
/** Records who held which lock when, and checks it. Not exported. */
@NullMarked
package io.interlock.tck.history;

import org.jspecify.annotations.NullMarked;
