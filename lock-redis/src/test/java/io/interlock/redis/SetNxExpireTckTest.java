// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.LockTck;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import java.util.Set;

/**
 * The variant setnx-expire breaks these rules of the test kit, and keeps all others that bind it. What the kit can't yet
 * look at (4.05, 13.16: a process that is killed between two commands) is shown by {@link SetNxExpireTest}.
 */
class SetNxExpireTckTest extends LockTck {
    /** Looked, and then deleted: by then the lock was the next owner's. */
    private static final RuleId LATE_RELEASE = RuleId.of("2.12");

    /** Looked, and then set the expiry: by then the lock was the next owner's. */
    private static final RuleId LATE_RENEWAL = RuleId.of("2.13");

    /** Died between making the entry and giving it an expiry. */
    private static final RuleId DEATH_IN_AN_ACQUISITION = RuleId.of("2.14");

    @Override
    protected TckBackend backend() {
        return RedisTck.backend(
                RedisOptions.Variant.SETNX_EXPIRE, Set.of(LATE_RELEASE, LATE_RENEWAL, DEATH_IN_AN_ACQUISITION));
    }
}
