// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The variant set-nx-px keeps every rule of the test kit that binds it. */
class SetNxPxTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return RedisTck.backend(RedisOptions.Variant.SET_NX_PX);
    }
}
