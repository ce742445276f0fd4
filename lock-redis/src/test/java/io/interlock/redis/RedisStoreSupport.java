// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.StoreSupport;
import io.interlock.tck.Timing;
import io.interlock.tck.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the test kit needs to know of Redis: a look into the store, and the commands on the wire. Thread-safe. */
public final class RedisStoreSupport implements StoreSupport {
    /** For ServiceLoader. */
    public RedisStoreSupport() {}

    /** Not {@code rediss}: the proxy could not read it, and no inspector needs the detour. */
    @Override
    public Set<String> schemes() {
        return Set.of(RedisSettings.SCHEME);
    }

    @Override
    public int defaultPort() {
        return RedisConnector.DEFAULT_PORT;
    }

    /**
     * A poll comes after one and a half of its mean time at the latest. Redlock's call, which has a third of the lease, has
     * two rounds at several nodes.
     */
    @Override
    public Timing timing(LockConfig config) {
        RedisOptions options = RedisSettings.options(config);
        Duration wakeUp = options.variant() == RedisOptions.Variant.LUA
                ? Timing.defaults().wakeUp()
                : Timing.defaults().wakeUp().plus(options.poll().multipliedBy(3).dividedBy(2));
        int times = options.variant() == RedisOptions.Variant.REDLOCK ? 3 : 1;
        return Timing.defaults()
                .withWakeUp(wakeUp)
                .withRecheck(options.recheck())
                .withMinLease(Timing.defaults().minLease().multipliedBy(times))
                .withRoundTrips(roundTrips(options.variant()));
    }

    private static int roundTrips(RedisOptions.Variant variant) {
        return switch (variant) {
            case SETNX_EXPIRE, REDLOCK -> 2;
            case SETNX_TIMESTAMP -> 3;
            default -> 1;
        };
    }

    @Override
    public StoreInspector inspector(LockConfig config) {
        if (RedisSettings.options(config).variant() == RedisOptions.Variant.REDLOCK) {
            return new RedlockInspector(config);
        }
        return new RedisInspector(new RedisShell(config), RedisSettings.options(config));
    }

    @Override
    public String server(LockConfig config) {
        try (var shell = new RedisShell(config)) {
            return "Redis " + shell.info("server", "redis_version");
        }
    }

    @Override
    public Optional<WireFormat> wireFormat(LockConfig config) {
        return Optional.of(new RespWireFormat());
    }
}
