// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The variant unfair keeps every rule of the test kit; it differs from fair in which nodes a client makes, so it runs on demand. */
@EnabledIfSystemProperty(named = "lock.tck.every", matches = "true", disabledReason = "only with -Dlock.tck.every=true")
class UnfairTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return ZooKeeperTck.backend(ZooKeeperOptions.Variant.UNFAIR);
    }
}
