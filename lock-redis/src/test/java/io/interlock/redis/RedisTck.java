// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.servers.RedisServer;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;

/** A variant on a server of its own, for the test kit. */
final class RedisTck {
    private RedisTck() {}

    static TckBackend backend(RedisOptions.Variant variant) {
        RedisServer server = RedisServer.start();
        return UriTckBackend.of("redis-" + variant.text(), server.uri("variant=" + variant.text()))
                .withServers(server.description())
                .withOnClose(server::close);
    }
}
