// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The entry of {@code redis://user:password@host:port/database} and, over TLS, {@code rediss://}; with several hosts,
 * separated by commas, for the variant {@code redlock}, for {@code mode=sentinel} and for {@code mode=cluster}. Thread-safe.
 *
 * <p>The variants are those of {@link RedisOptions.Variant}, by their {@link RedisOptions.Variant#text text}.
 */
public final class RedisLockProvider implements LockProvider {
    /** For ServiceLoader. */
    public RedisLockProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(RedisSettings.SCHEME, RedisSettings.TLS_SCHEME);
    }

    @Override
    public List<ConfigOption> options() {
        return RedisSettings.ALL;
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Arrays.stream(RedisOptions.Variant.values())
                .collect(Collectors.toUnmodifiableMap(RedisOptions.Variant::text, RedisOptions.Variant::capabilities));
    }

    @Override
    public String defaultVariant() {
        return RedisOptions.defaults().variant().text();
    }

    /** Redlock for several independent servers, the others for one server, or several that act as one. */
    @Override
    public Set<String> variantsFor(LockConfig config) {
        boolean independent = RedisMode.of(config) == RedisMode.STANDALONE
                && config.hosts(RedisConnector.DEFAULT_PORT).size() > 1;
        String redlock = RedisOptions.Variant.REDLOCK.text();
        return variants().keySet().stream()
                .filter(variant -> variant.equals(redlock) == independent)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<String> unsafeVariants() {
        return Arrays.stream(RedisOptions.Variant.values())
                .filter(RedisOptions.Variant::isUnsafe)
                .map(RedisOptions.Variant::text)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public LockBackend open(LockConfig config) {
        // read first: a bad setting is refused before anything is sent
        RedisOptions options = RedisSettings.options(config);
        if (options.variant() == RedisOptions.Variant.REDLOCK) {
            return RedlockConnector.open(config, options);
        }
        return new RedisBackend(RedisConnector.connect(config), options);
    }
}
