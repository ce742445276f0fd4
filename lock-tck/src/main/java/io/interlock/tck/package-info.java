// SPDX-License-Identifier: Apache-2.0
/** What the author of a backend implements and extends to have it tested: {@link io.interlock.tck.LockTck} and {@link io.interlock.tck.TckBackend}. */
@NullMarked
package io.interlock.tck;

import org.jspecify.annotations.NullMarked;
