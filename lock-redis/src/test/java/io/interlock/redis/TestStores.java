// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;

/** The way to a server, without a backend around it. */
final class TestStores {
    private TestStores() {}

    static RedisStore own(int port, String... settings) {
        return RedisConnector.connect(LockConfig.of(TestRedis.uri(port, settings)));
    }
}
