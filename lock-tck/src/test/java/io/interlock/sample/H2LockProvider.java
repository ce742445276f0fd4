// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The entry of {@code h2:database}: locks in the rows of an embedded H2 database. Thread-safe. */
public final class H2LockProvider implements LockProvider {
    private static final String VARIANT = "row";

    /** For ServiceLoader. */
    public H2LockProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("h2");
    }

    @Override
    public List<ConfigOption> options() {
        return List.of();
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Map.of(VARIANT, H2Locks.CAPABILITIES);
    }

    @Override
    public String defaultVariant() {
        return VARIANT;
    }

    @Override
    public LockBackend open(LockConfig config) {
        if (!config.path().matches("\\w{1,64}")) {
            throw new LockConfigException(
                    "uri path '" + config.path() + "': must be the name of a database, such as h2:locks");
        }
        var locks = new H2Locks(config.path(), config.namespace(), config.callTimeout());
        try {
            locks.createTable();
            return locks;
        } catch (RuntimeException e) {
            locks.close();
            throw e;
        }
    }
}
