// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.tck.LockTck;
import io.interlock.tck.TckBackend;

/** The variant fair keeps every rule of the test kit. */
class FairTckTest extends LockTck {
    @Override
    protected TckBackend backend() {
        return ZooKeeperTck.backend(ZooKeeperOptions.Variant.FAIR);
    }
}
