// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The variant redlock, on three servers, keeps every rule of the test kit. */
class RedlockTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return RedisTck.redlock();
    }
}
