// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.ConfigOption.Unit;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The settings of {@code zookeeper://}, beside the engine's own. */
final class ZooKeeperSettings {
    static final String SCHEME = "zookeeper";
    static final int DEFAULT_PORT = 2181;
    private static final String DIGEST = "digest";

    static final ConfigOption SESSION = ConfigOption.of(
            "session",
            Unit.DURATION,
            "20s",
            "Session timeout to ask for, 100ms to 10m; the servers have bounds of their own, by default 2 to 20 ticks."
                    + " Short: a crashed holder blocks others less. Long: longer outages are survived.");
    static final ConfigOption CONNECT_TIMEOUT =
            ConfigOption.of("connectTimeout", Unit.DURATION, "5s", "How long opening waits for a server, 100ms to 5m.");
    static final ConfigOption FAIR = ConfigOption.of(
            "fair",
            Unit.FLAG,
            "true",
            "Whether waiters are served in order of arrival over all clients; false is variant=unfair: one node a"
                    + " client and lock, however many of its threads wait.");
    static final ConfigOption PARENT = ConfigOption.of(
            "parent",
            Unit.TEXT,
            "container",
            "What the nodes above the contenders are: container (removed by the servers when idle) or persistent"
                    + " (stay for ever; tokens then do not depend on the servers' clocks agreeing).");
    static final ConfigOption AUTH = ConfigOption.of(
            "auth", Unit.TEXT, "none", "How to authenticate: none, or digest, by the user and password.");
    static final ConfigOption ACL = ConfigOption.of(
            "acl",
            Unit.TEXT,
            "open",
            "Who may touch the nodes: open (everybody who can connect), or creator (who authenticates as their maker"
                    + " did; needs auth=digest).");
    static final ConfigOption TICK_TIME = ConfigOption.of(
            "tickTime",
            Unit.DURATION,
            "3s",
            "The servers' tickTime or more, 1ms to 1m: half of it is how long a server may keep our signs of life to"
                    + " itself.");

    static final List<ConfigOption> ALL = List.of(SESSION, CONNECT_TIMEOUT, FAIR, PARENT, AUTH, ACL, TICK_TIME);

    private ZooKeeperSettings() {}

    static ZooKeeperOptions options(LockConfig config) {
        var defaults = ZooKeeperOptions.defaults();
        credentials(config);
        try {
            ZooKeeperOptions options = defaults.withVariant(variant(config))
                    .withBase(base(config.path()))
                    .withNamespace(config.namespace())
                    .withParents(ZooKeeperOptions.Parents.of(text(config, PARENT)))
                    .withAcl(ZooKeeperOptions.Acl.of(text(config, ACL)))
                    .withTickTime(config.durationBetween(TICK_TIME, Duration.ofMillis(1), Duration.ofMinutes(1)))
                    .withCallTimeout(config.callTimeout());
            if (options.acl() == ZooKeeperOptions.Acl.CREATOR && !isDigest(config)) {
                throw new LockConfigException("acl = creator: needs auth=digest, with a user and a password");
            }
            return options;
        } catch (IllegalArgumentException bad) {
            throw new LockConfigException(String.valueOf(bad.getMessage()), bad);
        }
    }

    static Duration session(LockConfig config) {
        return config.durationBetween(SESSION, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    static Duration connectTimeout(LockConfig config) {
        return config.durationBetween(CONNECT_TIMEOUT, Duration.ofMillis(100), Duration.ofMinutes(5));
    }

    /** The servers, as ZooKeeper's client wants them. */
    static String connectString(LockConfig config) {
        return config.hosts(DEFAULT_PORT).stream()
                .map(ZooKeeperSettings::hostAndPort)
                .collect(Collectors.joining(","));
    }

    /** What to authenticate with, if at all; never log it. */
    static Optional<byte[]> credentials(LockConfig config) {
        boolean given = config.user().isPresent() || config.password().isPresent();
        if (!isDigest(config)) {
            if (given) {
                throw new LockConfigException("user, password: have no place without auth=digest");
            }
            return Optional.empty();
        }
        if (config.user().isEmpty() || config.password().isEmpty()) {
            throw new LockConfigException("auth = digest: needs a user and a password");
        }
        String both = config.user().get() + ":" + config.password().get();
        return Optional.of(both.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isDigest(LockConfig config) {
        String auth = text(config, AUTH);
        if (!auth.equals(DIGEST) && !auth.equals("none")) {
            // ZooKeeper's shell takes digest:user:password, and who writes it here wants no password in a message
            String shown = auth.replaceFirst(":.*", ":***");
            throw new LockConfigException("auth = " + shown + ": must be one of [none, digest]");
        }
        return auth.equals(DIGEST);
    }

    private static ZooKeeperOptions.Variant variant(LockConfig config) {
        var named = config.variant().map(ZooKeeperOptions.Variant::of);
        if (config.flag(FAIR)) {
            return named.orElse(ZooKeeperOptions.defaults().variant());
        }
        if (named.isPresent() && named.get() == ZooKeeperOptions.Variant.FAIR) {
            throw new LockConfigException("fair = false: contradicts variant=fair");
        }
        return ZooKeeperOptions.Variant.UNFAIR;
    }

    private static String base(String path) {
        if (path.isEmpty() || path.equals("/")) {
            return ZooKeeperOptions.defaults().base();
        }
        boolean closed = path.endsWith("/") && !path.endsWith("//");
        return closed ? path.substring(0, path.length() - 1) : path;
    }

    private static String text(LockConfig config, ConfigOption option) {
        return config.value(option).orElseThrow();
    }

    private static String hostAndPort(InetSocketAddress host) {
        String name = host.getHostString();
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + host.getPort();
    }
}
