// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The entry of {@code zookeeper://user:password@host:port,host:port/base}. Thread-safe.
 *
 * <p>The variants are those of {@link ZooKeeperOptions.Variant}, by their {@link ZooKeeperOptions.Variant#text text};
 * {@code fair=false} is another way to say {@code variant=unfair}.
 */
public final class ZooKeeperLockProvider implements LockProvider {
    /** For ServiceLoader. */
    public ZooKeeperLockProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(ZooKeeperSettings.SCHEME);
    }

    @Override
    public List<ConfigOption> options() {
        return ZooKeeperSettings.ALL;
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Arrays.stream(ZooKeeperOptions.Variant.values())
                .collect(Collectors.toUnmodifiableMap(
                        ZooKeeperOptions.Variant::text, ZooKeeperOptions.Variant::capabilities));
    }

    @Override
    public String defaultVariant() {
        return ZooKeeperOptions.defaults().variant().text();
    }

    @Override
    public LockBackend open(LockConfig config) {
        // read first: a bad setting is refused before anything is sent
        ZooKeeperOptions options = ZooKeeperSettings.options(config);
        if (!options.variant().capabilities().containsAll(config.required())) {
            throw new LockConfigException("fair = false: without it, FAIR is not declared, and it is required");
        }
        return new ZooKeeperBackend(Connector.connect(config), options);
    }
}
