// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects a configuration. Confined to one thread. */
public final class LockConfigBuilder {
    final Map<String, String> settings = new TreeMap<>();
    final Set<Capability> required = EnumSet.noneOf(Capability.class);

    @Nullable
    String uri;

    @Nullable
    Executor callbackExecutor;

    LockConfigBuilder() {}

    /**
     * Names the store.
     *
     * @param uri scheme, place and settings
     * @return this
     */
    public LockConfigBuilder uri(String uri) {
        this.uri = Objects.requireNonNull(uri, "uri");
        return this;
    }

    /**
     * Gives a setting.
     *
     * @param key as in a URI's query
     * @param value its text
     * @return this
     */
    public LockConfigBuilder set(String key, String value) {
        settings.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, key));
        return this;
    }

    /**
     * Asks for promises; see {@link LockConfig#require}.
     *
     * @param capabilities what the application relies on
     * @return this
     */
    public LockConfigBuilder require(Capability... capabilities) {
        required.addAll(List.of(capabilities));
        return this;
    }

    /**
     * Says where listeners and async completions run, instead of on a few daemon threads of the client.
     *
     * @param executor never closed by the client
     * @return this
     */
    public LockConfigBuilder callbackExecutor(Executor executor) {
        callbackExecutor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Checks the URI's form and the settings' bounds.
     *
     * @return the configuration
     * @throws LockConfigException if the URI is malformed, or an engine's setting is out of bounds
     */
    public LockConfig build() {
        return checked(new LockConfig(this));
    }

    /** Each of these throws if its setting is malformed: now, and not when it is first needed. */
    private static LockConfig checked(LockConfig config) {
        var unused = List.of(
                config.namespace(),
                config.allowUnsafe(),
                config.lease(),
                config.callTimeout(),
                config.outageLimit(),
                config.user(),
                config.password());
        return config;
    }
}
