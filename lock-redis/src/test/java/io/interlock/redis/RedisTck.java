// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.servers.RedisServer;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;
import java.util.Set;

/** A variant on a server of its own, for the test kit. */
final class RedisTck {
    private RedisTck() {}

    static TckBackend backend(RedisOptions.Variant variant) {
        return backend(variant, Set.of());
    }

    /** One that keeps all rules but some. */
    static TckBackend backend(RedisOptions.Variant variant, Set<RuleId> expectedFailures) {
        RedisServer server = RedisServer.start();
        String settings = "variant=" + variant.text() + (variant.isUnsafe() ? "&allowUnsafe=true" : "");
        return UriTckBackend.of("redis-" + variant.text(), server.uri(settings))
                .withExpectedFailures(expectedFailures)
                .withServers(server.description())
                .withOnClose(server::close);
    }

    /** Redlock on three servers, which have only just been started. */
    static TckBackend redlock() {
        RedlockServers servers = RedlockServers.start(3);
        String first = servers.all().get(0).description();
        return UriTckBackend.of("redis-redlock", servers.uri("variant=redlock&restartDelay=0s"))
                .withServers("3 x " + first)
                .withOnClose(servers::close);
    }
}
