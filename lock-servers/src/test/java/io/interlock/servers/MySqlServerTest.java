// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "lock.tck.mysql8", matches = "true", disabledReason = "needs the profile mysql8")
class MySqlServerTest extends SqlServerRules {
    @Override
    SqlServerBuilder builder() {
        return MySqlServer.builder();
    }
}
