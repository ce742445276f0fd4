// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens toy stores by URI: {@code toy://127.0.0.1:port?fault=NO_UNDO}. The scheme {@code bare-toy} is the same store
 * without anybody who supports the kit with it.
 */
public final class ToyLockProvider implements LockProvider {
    static final int DEFAULT_PORT = 7;

    private static final ConfigOption FAULT = ConfigOption.of(
            "fault", ConfigOption.Unit.TEXT, ToyFault.NONE.name(), "What is broken in the client: see ToyFault.");

    /** For {@link java.util.ServiceLoader}. */
    public ToyLockProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("toy", "bare-toy");
    }

    @Override
    public List<ConfigOption> options() {
        return List.of(FAULT);
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Map.of("lines", ToyBackend.CAPABILITIES);
    }

    @Override
    public String defaultVariant() {
        return "lines";
    }

    @Override
    public LockBackend open(LockConfig config) {
        InetSocketAddress host = config.hosts(DEFAULT_PORT).get(0);
        return ToyBackend.open(new InetSocketAddress(host.getHostString(), host.getPort()), config, fault(config));
    }

    private static ToyFault fault(LockConfig config) {
        String name = config.value(FAULT).orElseThrow();
        try {
            return ToyFault.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new LockConfigException("fault = " + name + ": must be one of " + List.of(ToyFault.values()));
        }
    }
}
