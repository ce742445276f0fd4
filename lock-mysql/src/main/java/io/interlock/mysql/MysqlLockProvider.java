// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

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
 * The entry of {@code mysql://user:password@host:port/database} and {@code mariadb://…}. Thread-safe.
 *
 * <p>Either scheme works with either server and either driver; the scheme says which driver is tried first. The variants
 * are those of {@link MysqlOptions.Variant}, by their {@link MysqlOptions.Variant#text text}.
 */
public final class MysqlLockProvider implements LockProvider {
    /** For ServiceLoader. */
    public MysqlLockProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of(MysqlSettings.MYSQL, MysqlSettings.MARIADB);
    }

    @Override
    public List<ConfigOption> options() {
        return MysqlSettings.ALL;
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Arrays.stream(MysqlOptions.Variant.values())
                .collect(Collectors.toUnmodifiableMap(MysqlOptions.Variant::text, MysqlOptions.Variant::capabilities));
    }

    @Override
    public String defaultVariant() {
        return MysqlOptions.defaults().variant().text();
    }

    @Override
    public LockBackend open(LockConfig config) {
        // read first: a bad setting is refused before anything is sent
        MysqlOptions options = MysqlSettings.options(config);
        return new MysqlBackend(MysqlConnector.connect(config, options), options);
    }
}
