// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import io.interlock.spi.ConfigOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the store is and how to use it: a URI, and settings given in its query or beside it. Immutable.
 *
 * <p>A setting is named {@code key} in the URI's query and in maps, {@code interlock.key} in {@link Properties}, and
 * {@code INTERLOCK_KEY} in the environment. One that is given twice, or that neither the engine nor the backend knows,
 * is refused at open. Durations are written {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}, {@code 1d}, or as ISO
 * 8601.
 */
public final class LockConfig {
    private static final String URI_KEY = "uri";
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final @Nullable ConnectionUri uri;
    private final Map<String, String> settings;
    private final Set<Capability> required;
    private final @Nullable Executor callbackExecutor;

    private LockConfig(LockConfig base, Set<Capability> required) {
        this.uri = base.uri;
        this.settings = base.settings;
        this.required = Set.copyOf(required);
        this.callbackExecutor = base.callbackExecutor;
    }

    LockConfig(LockConfigBuilder builder) {
        uri = builder.uri == null ? null : ConnectionUri.parse(builder.uri);
        var merged = new TreeMap<>(builder.settings);
        if (uri != null) {
            uri.query().forEach((key, value) -> {
                if (merged.put(key, value) != null) {
                    throw new LockConfigException(key + ": given both in the uri and beside it");
                }
            });
        }
        settings = Map.copyOf(merged);
        required = Set.copyOf(builder.required);
        callbackExecutor = builder.callbackExecutor;
    }

    /**
     * A configuration of a URI alone.
     *
     * @param uri scheme, place and settings
     * @return the configuration
     * @throws LockConfigException if the URI is malformed
     */
    public static LockConfig of(String uri) {
        return builder().uri(uri).build();
    }

    /**
     * A configuration from a map with the key {@code uri} and settings beside it.
     *
     * @param settings values by key
     * @return the configuration
     * @throws LockConfigException if there is no {@code uri}, or it is malformed
     */
    public static LockConfig of(Map<String, String> settings) {
        if (!settings.containsKey(URI_KEY)) {
            throw new LockConfigException("uri: missing; the other keys given are " + new TreeMap<>(settings).keySet());
        }
        var builder = builder();
        settings.forEach((key, value) -> {
            if (key.equals(URI_KEY)) {
                builder.uri(value);
            } else {
                builder.set(key, value);
            }
        });
        return builder.build();
    }

    /**
     * A configuration from the entries whose key begins with {@code interlock.}; the others are left alone.
     *
     * @param properties with {@code interlock.uri}
     * @return the configuration
     * @throws LockConfigException if there is no {@code interlock.uri}, or it is malformed
     */
    public static LockConfig of(Properties properties) {
        return of(SettingSources.of(properties));
    }

    /**
     * A configuration from the process's environment: {@code INTERLOCK_URI}, {@code INTERLOCK_CALL_TIMEOUT}, and so on.
     *
     * @return the configuration
     * @throws LockConfigException if there is no {@code INTERLOCK_URI}, or it is malformed
     */
    public static LockConfig ofEnvironment() {
        return ofEnvironment(System.getenv());
    }

    static LockConfig ofEnvironment(Map<String, String> environment) {
        return of(SettingSources.ofEnvironment(environment));
    }

    /** {@return a builder without a URI, which is enough for {@link LockClient#of}} */
    public static LockConfigBuilder builder() {
        return new LockConfigBuilder();
    }

    /**
     * This configuration, with promises that the backend's variant must declare; opening fails otherwise and names the
     * variants that do.
     *
     * @param capabilities what the application relies on
     * @return a copy
     */
    public LockConfig require(Capability... capabilities) {
        var all = EnumSet.noneOf(Capability.class);
        all.addAll(required);
        all.addAll(List.of(capabilities));
        return new LockConfig(this, all);
    }

    /** {@return whether there is a URI} */
    public boolean hasUri() {
        return uri != null;
    }

    /** {@return the URI's scheme, in lower case} */
    public String scheme() {
        return connection().scheme();
    }

    /**
     * The hosts of the URI.
     *
     * @param defaultPort for hosts without a port
     * @return at least one, in order, unresolved
     * @throws LockConfigException if a host or port is missing or malformed
     */
    public List<InetSocketAddress> hosts(int defaultPort) {
        return connection().hosts(defaultPort);
    }

    /** {@return what stands between the hosts (or the scheme's colon) and the query, decoded; may be empty} */
    public String path() {
        return connection().path();
    }

    /** {@return the store's user, from the URI or the settings} */
    public Optional<String> user() {
        return credential(EngineOptions.USER, uri == null ? Optional.empty() : uri.user());
    }

    /** {@return the store's password, from the URI or the settings; never log it} */
    public Optional<String> password() {
        return credential(EngineOptions.PASSWORD, uri == null ? Optional.empty() : uri.password());
    }

    /** {@return the namespace: what separates the locks of applications that share a store} */
    public String namespace() {
        String namespace = value(EngineOptions.NAMESPACE).orElseThrow();
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw SettingText.bad(
                    EngineOptions.NAMESPACE, namespace, "must have 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        return namespace;
    }

    /** {@return the variant that is asked for, if any} */
    public Optional<String> variant() {
        return value(EngineOptions.VARIANT);
    }

    /** {@return whether variants with a known hole are admitted} */
    public boolean allowUnsafe() {
        return flag(EngineOptions.ALLOW_UNSAFE);
    }

    /** {@return the lease time of locks without options of their own} */
    public Duration lease() {
        return durationBetween(EngineOptions.LEASE, LockOptions.MIN_LEASE, LockOptions.MAX_LEASE);
    }

    /** {@return the bound of each call to the store} */
    public Duration callTimeout() {
        return durationBetween(EngineOptions.CALL_TIMEOUT, Duration.ofMillis(10), Duration.ofSeconds(60));
    }

    /** {@return how long an unlimited wait goes on while the store fails} */
    public Duration outageLimit() {
        return durationBetween(EngineOptions.OUTAGE_LIMIT, Duration.ZERO, Duration.ofDays(365));
    }

    /** {@return what the variant must declare} */
    public Set<Capability> required() {
        return required;
    }

    /** {@return where listeners and async completions run, if the application has a place of its own for them} */
    public Optional<Executor> callbackExecutor() {
        return Optional.ofNullable(callbackExecutor);
    }

    /** {@return the keys of all settings that are given} */
    public Set<String> keys() {
        return settings.keySet();
    }

    /** {@return the settings that every backend has} */
    public static List<ConfigOption> engineOptions() {
        return EngineOptions.ALL;
    }

    /**
     * The text of a setting.
     *
     * @param option which one
     * @return what is given, else the option's default
     * @throws LockConfigException if what is given is not of the option's unit
     */
    public Optional<String> value(ConfigOption option) {
        Optional<String> given = Optional.ofNullable(settings.get(option.key()));
        given.ifPresent(text -> SettingText.check(option, text));
        return given.or(option::defaultValue);
    }

    /**
     * A duration within bounds.
     *
     * @param option an option with a default
     * @param min the least that is allowed
     * @param max the most that is allowed
     * @return the value
     * @throws LockConfigException if it is malformed or out of bounds
     */
    public Duration durationBetween(ConfigOption option, Duration min, Duration max) {
        return SettingText.duration(option, value(option).orElseThrow(), min, max);
    }

    /**
     * A whole number within bounds.
     *
     * @param option an option with a default
     * @param max the most that is allowed; the least is 1
     * @return the value
     * @throws LockConfigException if it is malformed or out of bounds
     */
    public int count(ConfigOption option, int max) {
        return SettingText.count(option, value(option).orElseThrow(), max);
    }

    /**
     * A flag.
     *
     * @param option an option with a default
     * @return the value
     * @throws LockConfigException if it is neither {@code true} nor {@code false}
     */
    public boolean flag(ConfigOption option) {
        return SettingText.flag(option, value(option).orElseThrow());
    }

    private Optional<String> credential(ConfigOption option, Optional<String> fromUri) {
        Optional<String> fromSettings = value(option);
        if (fromUri.isPresent() && fromSettings.isPresent()) {
            throw new LockConfigException(option.key() + ": given both in the uri and beside it");
        }
        return fromUri.or(() -> fromSettings);
    }

    private ConnectionUri connection() {
        if (uri == null) {
            throw new LockConfigException("uri: missing");
        }
        return uri;
    }

    /** Shows place and keys, never values: any of them may be a secret of a backend that is not known here. */
    @Override
    public String toString() {
        return "LockConfig[" + (uri == null ? "no uri" : uri) + ", keys " + new TreeMap<>(settings).keySet() + "]";
    }
}
