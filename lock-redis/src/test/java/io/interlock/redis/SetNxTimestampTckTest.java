// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.LockTck;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import java.util.Set;

/**
 * The variant setnx-timestamp breaks these rules of the test kit, and keeps all others that bind it. What the kit can't
 * look at (5.16 to 5.18: clocks of clients; 5.02: what a contender overwrites that came second) is shown by
 * {@link SetNxTimestampTest}.
 */
class SetNxTimestampTckTest extends LockTck {
    /** Of all who take over at once, the second overwrites the winner's entry, and nobody owns the lock then. */
    private static final RuleId BURST_ON_AN_EXPIRED_ENTRY = RuleId.of("2.10");

    /** Looked, and then deleted: by then the lock was the next owner's. */
    private static final RuleId LATE_RELEASE = RuleId.of("2.12");

    /** Looked, and then wrote: by then the lock was the next owner's. */
    private static final RuleId LATE_RENEWAL = RuleId.of("2.13");

    /** The store does not know when an entry is over, and keeps it until somebody takes it over. */
    private static final RuleId ENTRIES_STAY = RuleId.of("12.08");

    /** Who took over first, and was overwritten, is told that the lock was not held. */
    private static final RuleId OVERWRITTEN = RuleId.of("14.03");

    @Override
    protected TckBackend backend() {
        return RedisTck.backend(
                RedisOptions.Variant.SETNX_TIMESTAMP,
                Set.of(BURST_ON_AN_EXPIRED_ENTRY, LATE_RELEASE, LATE_RENEWAL, ENTRIES_STAY, OVERWRITTEN));
    }
}
