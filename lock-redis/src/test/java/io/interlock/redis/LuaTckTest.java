// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The variant lua keeps every rule of the test kit. */
class LuaTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return RedisTck.backend(RedisOptions.Variant.LUA);
    }
}
