// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import io.interlock.tck.LockTck;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;
import java.util.Set;

/** The proof that the sample keeps the rules, but for two that a store inside of the client's JVM can't keep. */
class H2LocksTckTest extends LockTck {
    // the rows of free locks stay, and this database is in the memory of the client's own JVM
    private static final RuleId NAMES_STAY = RuleId.of("11.09");
    private static final RuleId ROWS_STAY = RuleId.of("12.07");

    @Override
    protected TckBackend backend() {
        return UriTckBackend.of("h2-sample", "h2:locks").withExpectedFailures(Set.of(ROWS_STAY, NAMES_STAY));
    }
}
