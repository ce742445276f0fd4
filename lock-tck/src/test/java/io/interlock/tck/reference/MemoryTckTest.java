// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.reference;

import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The reference backend keeps every rule. */
class MemoryTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return new MemoryTckBackend();
    }
}
