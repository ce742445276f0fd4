// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.LockConfigBuilder;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the kit wants one client opened: over which way to the store, with which settings. Immutable.
 *
 * @param link the way to the store; empty: straight to it
 * @param settings configuration keys and values beside the URI, such as {@code namespace}
 * @param required what the client's configuration requires
 */
public record ClientSpec(Optional<Link> link, Map<String, String> settings, Set<Capability> required) {
    /**
     * Copies what it is given.
     *
     * @param link as the record tells
     * @param settings as the record tells
     * @param required as the record tells
     */
    public ClientSpec {
        settings = Map.copyOf(settings);
        required = Set.copyOf(required);
    }

    /** {@return a client with the default settings, straight to the store} */
    public static ClientSpec direct() {
        return new ClientSpec(Optional.empty(), Map.of(), Set.of());
    }

    /**
     * A client whose every connection to the store runs over a link.
     *
     * @param link of the backend's own {@link NetworkControl}
     * @return with the default settings
     */
    public static ClientSpec through(Link link) {
        return new ClientSpec(Optional.of(link), Map.of(), Set.of());
    }

    /**
     * The same with one more setting.
     *
     * @param key a configuration key that every backend knows, such as {@code callTimeout}
     * @param value as in a URI
     * @return a changed copy
     */
    public ClientSpec with(String key, String value) {
        var more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new ClientSpec(link, more, required);
    }

    /**
     * The same with a requirement.
     *
     * @param capability which the client must refuse to open without
     * @return a changed copy
     */
    public ClientSpec requiring(Capability capability) {
        var more = EnumSet.of(capability);
        more.addAll(required);
        return new ClientSpec(link, settings, more);
    }

    /**
     * The configuration that this asks for, over a URI.
     *
     * @param uri of the store, or of the link's end
     * @return for {@link io.interlock.LockClient#open(LockConfig)}
     */
    public LockConfig config(String uri) {
        return builder().uri(uri).build();
    }

    /** {@return the configuration that this asks for, without a URI: for {@link io.interlock.LockClient#of}} */
    public LockConfig config() {
        return builder().build();
    }

    private LockConfigBuilder builder() {
        var builder = LockConfig.builder().require(required.toArray(Capability[]::new));
        settings.forEach(builder::set);
        return builder;
    }
}
