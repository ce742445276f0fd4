// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.ConfigOption.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of {@code redis://} and {@code rediss://}, beside the engine's own. */
final class RedisSettings {
    static final String SCHEME = "redis";
    static final String TLS_SCHEME = "rediss";
    static final int MAX_POOL_SIZE = 1000;

    static final ConfigOption MODE = ConfigOption.of(
            "mode",
            Unit.TEXT,
            "standalone",
            "What the hosts of the URI are: standalone (the server), sentinel (sentinels, which name the master;"
                    + " port 26379 unless given), or cluster (some nodes of a cluster).");
    static final ConfigOption MASTER = ConfigOption.optional(
            "master", "mode=sentinel only, and needed there: what the sentinels call the master.");
    static final ConfigOption SENTINEL_USER = ConfigOption.optional(
            "sentinelUser", "mode=sentinel only: the user for the sentinels; the URI's is for the servers.");
    static final ConfigOption SENTINEL_PASSWORD = ConfigOption.secret(
            "sentinelPassword", "mode=sentinel only: the password for the sentinels; the URI's is for the servers.");
    static final ConfigOption WAIT_REPLICAS = new ConfigOption(
            "waitReplicas",
            Unit.COUNT,
            Optional.empty(),
            "How many replicas must confirm a grant or renewal before it counts, 1 to 100; none unless set. lua and"
                    + " set-nx-px only. All of them: a fail-over forgets no grant. Costs a round trip to a replica each.",
            false);
    static final ConfigOption WAIT_REPLICAS_TIMEOUT = ConfigOption.of(
            "waitReplicasTimeout",
            Unit.DURATION,
            "500ms",
            "How long the replicas have to confirm, 1ms to 1m, within the call's own timeout; then the grant is undone."
                    + " Short: a slow replica ends calls soon. Long: it is waited for.");
    static final ConfigOption POOL_SIZE = ConfigOption.of(
            "poolSize",
            Unit.COUNT,
            "8",
            "Connections at most, to each server, 1 to 1000; a waiter or holder keeps none, so a few serve many locks."
                    + " Small: calls queue for one. Large: more load on the server.");
    static final ConfigOption POLL = ConfigOption.of(
            "poll",
            Unit.DURATION,
            "50ms",
            "All variants but lua: mean time between two attempts of a waiter, 1ms to 1m."
                    + " Short: faster hand-over. Long: fewer commands while waiting.");
    static final ConfigOption RECHECK = ConfigOption.of(
            "recheck",
            Unit.DURATION,
            "5s",
            "lua only: the longest that a waiter relies on wake-ups alone, 10ms to 1h."
                    + " Short: a lost message costs less. Long: fewer commands while waiting.");
    static final ConfigOption NODE_TIMEOUT = ConfigOption.of(
            "nodeTimeout",
            Unit.DURATION,
            "500ms",
            "redlock only: the longest wait for one node in one round, 5ms to 10s; never more than a call may take."
                    + " Short: nodes that hang cost less. Long: slow networks work.");
    static final ConfigOption RESTART_DELAY = ConfigOption.of(
            "restartDelay",
            Unit.DURATION,
            "1m",
            "redlock only: how long a server must have been up before its vote counts, 0s to 48h; at least the longest"
                    + " lease of all clients and what the servers' clocks may differ. 0s: the operator sees to it.");
    static final ConfigOption TLS_TRUSTSTORE = ConfigOption.optional(
            "tlsTruststore",
            "rediss:// only: a JKS or PKCS 12 file with the certificates to trust; the JDK's own unless set.");
    static final ConfigOption TLS_TRUSTSTORE_PASSWORD =
            ConfigOption.secret("tlsTruststorePassword", "The password of the tlsTruststore file.");

    static final List<ConfigOption> ALL = List.of(
            MODE,
            MASTER,
            SENTINEL_USER,
            SENTINEL_PASSWORD,
            WAIT_REPLICAS,
            WAIT_REPLICAS_TIMEOUT,
            NODE_TIMEOUT,
            RESTART_DELAY,
            POOL_SIZE,
            POLL,
            RECHECK,
            TLS_TRUSTSTORE,
            TLS_TRUSTSTORE_PASSWORD);

    private RedisSettings() {}

    static RedisOptions options(LockConfig config) {
        var defaults = RedisOptions.defaults();
        var variant = config.variant().map(RedisOptions.Variant::of).orElse(defaults.variant());
        return (config.allowUnsafe() ? defaults.withUnsafeVariant(variant) : defaults.withVariant(variant))
                .withNamespace(config.namespace())
                .withPoll(duration(config, POLL, Limit.POLL))
                .withRecheck(duration(config, RECHECK, Limit.RECHECK))
                .withCallTimeout(config.callTimeout())
                .withWaitReplicas(
                        waitReplicas(config, variant),
                        duration(config, WAIT_REPLICAS_TIMEOUT, Limit.WAIT_REPLICAS_TIMEOUT));
    }

    private static int waitReplicas(LockConfig config, RedisOptions.Variant variant) {
        if (config.value(WAIT_REPLICAS).isEmpty()) {
            return 0;
        }
        int replicas = config.count(WAIT_REPLICAS, Replication.MAX_REPLICAS);
        if (!variant.waitsForReplicas()) {
            throw new LockConfigException(RedisOptions.Variant.waitsInVain(variant, replicas));
        }
        return replicas;
    }

    static RedlockOptions redlock(LockConfig config) {
        var nodeTimeout =
                config.durationBetween(NODE_TIMEOUT, RedlockOptions.MIN_NODE_TIMEOUT, RedlockOptions.MAX_NODE_TIMEOUT);
        var restartDelay = config.durationBetween(RESTART_DELAY, Duration.ZERO, RedlockOptions.MAX_RESTART_DELAY);
        return new RedlockOptions(nodeTimeout, restartDelay);
    }

    private static Duration duration(LockConfig config, ConfigOption option, Limit limit) {
        return config.durationBetween(option, limit.min, limit.max);
    }
}
