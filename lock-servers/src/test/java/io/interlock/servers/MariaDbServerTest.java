// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

class MariaDbServerTest extends SqlServerRules {
    @Override
    SqlServerBuilder builder() {
        return MariaDbServer.builder();
    }
}
