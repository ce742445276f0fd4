// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import java.util.List;
import java.util.regex.Pattern;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** Connects to the store that a configuration names. */
final class RedisConnector {
    static final int DEFAULT_PORT = 6379;
    static final int DEFAULT_SENTINEL_PORT = 26379;
    private static final Pattern DATABASE = Pattern.compile("/?|/(\\d{1,4})/?");

    private RedisConnector() {}

    /** Opens the way to the store and proves that it answers; leaves nothing open if it does not. */
    static RedisStore connect(LockConfig config) {
        return switch (RedisMode.of(config)) {
            case STANDALONE -> standalone(config);
            case SENTINEL -> sentinel(config);
            case CLUSTER -> cluster(config);
        };
    }

    private static RedisStore standalone(LockConfig config) {
        List<HostAndPort> hosts = hosts(config, DEFAULT_PORT);
        if (hosts.size() != 1) {
            throw new LockConfigException(
                    "uri: has " + hosts.size() + " hosts; mode=standalone uses one, unless variant=redlock");
        }
        var owner = new OwnPool(hosts.get(0), clientConfig(config));
        var errors = new RedisErrors(hosts.get(0).toString(), config.password());
        var store = new RedisStore(owner.open(poolSize(config)), owner, errors);
        return proven(store, () -> ping(store, config));
    }

    private static RedisStore sentinel(LockConfig config) {
        String name = config.value(RedisSettings.MASTER).orElseThrow();
        var master = new SentinelMaster(
                hosts(config, DEFAULT_SENTINEL_PORT),
                name,
                sentinelConfig(config),
                config.value(RedisSettings.SENTINEL_PASSWORD));
        var owner = new OwnPool(master, clientConfig(config));
        var errors = new RedisErrors("master '" + name + "'", config.password());
        var route = new SentinelRoute(master, owner, poolSize(config), errors, config.callTimeout());
        var store = new RedisStore(route, errors);
        return proven(store, () -> ping(store, config));
    }

    private static RedisStore cluster(LockConfig config) {
        if (database(config) != 0) {
            throw new LockConfigException("uri path '" + config.path() + "': a cluster has the database 0 only");
        }
        JedisClientConfig client = clientConfig(config);
        int size = poolSize(config);
        var errors = new RedisErrors("cluster", config.password());
        var route = new ClusterRoute(
                hosts(config, DEFAULT_PORT),
                (address, trouble) -> {
                    var owner = new OwnPool(address, client);
                    var ofNode = new RedisErrors(address.toString(), config.password());
                    return new ServerPool(owner.open(size), owner, ofNode, trouble);
                },
                errors,
                config.callTimeout());
        return proven(
                new RedisStore(route, errors),
                () -> route.connect(StoreCall.begin("connecting", config.callTimeout())));
    }

    private static RedisStore proven(RedisStore store, Proof proof) {
        try {
            proof.run();
            return store;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            store.close();
            String where = "redis at " + store.errors().address();
            throw new LockBackendException(where + ": interrupted while connecting", e, false);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Talks to the store for the first time. */
    private interface Proof {
        void run() throws InterruptedException;
    }

    private static void ping(RedisStore store, LockConfig config) throws InterruptedException {
        store.command(StoreCall.begin("connecting", config.callTimeout()), Command.of("PING"));
    }

    private static List<HostAndPort> hosts(LockConfig config, int defaultPort) {
        return config.hosts(defaultPort).stream()
                .map(host -> new HostAndPort(host.getHostString(), host.getPort()))
                .toList();
    }

    private static int poolSize(LockConfig config) {
        return config.count(RedisSettings.POOL_SIZE, RedisSettings.MAX_POOL_SIZE);
    }

    /** How to speak to sentinels: encrypted if the servers are, but with credentials of their own. */
    private static JedisClientConfig sentinelConfig(LockConfig config) {
        var client = DefaultJedisClientConfig.builder();
        var user = config.value(RedisSettings.SENTINEL_USER);
        var password = config.value(RedisSettings.SENTINEL_PASSWORD);
        if (user.isPresent() && password.isEmpty()) {
            throw new LockConfigException("sentinelUser = " + user.get() + ": given without a sentinelPassword");
        }
        user.ifPresent(client::user);
        password.ifPresent(client::password);
        encrypt(client, config);
        return client.build();
    }

    static JedisClientConfig clientConfig(LockConfig config) {
        var client = DefaultJedisClientConfig.builder()
                .timeoutMillis((int) config.callTimeout().toMillis())
                .database(database(config))
                .clientName("interlock");
        config.user().ifPresent(client::user);
        config.password().ifPresent(client::password);
        if (config.user().isPresent() && config.password().isEmpty()) {
            throw new LockConfigException("user = " + config.user().get() + ": given without a password");
        }
        encrypt(client, config);
        return client.build();
    }

    private static void encrypt(DefaultJedisClientConfig.Builder client, LockConfig config) {
        var truststore = config.value(RedisSettings.TLS_TRUSTSTORE);
        var truststorePassword = config.value(RedisSettings.TLS_TRUSTSTORE_PASSWORD);
        boolean tls = config.scheme().equals(RedisSettings.TLS_SCHEME);
        if (!tls && (truststore.isPresent() || truststorePassword.isPresent())) {
            throw new LockConfigException("tlsTruststore: given, but the uri begins with redis:// and not rediss://");
        }
        if (tls) {
            client.sslOptions(truststore
                    .map(file -> RedisTls.trusting(file, truststorePassword))
                    .orElseGet(RedisTls::trustingJdk));
        }
    }

    private static int database(LockConfig config) {
        var path = DATABASE.matcher(config.path());
        if (!path.matches()) {
            throw new LockConfigException(
                    "uri path '" + config.path() + "': must be the number of a database, such as /0");
        }
        return path.group(1) == null ? 0 : Integer.parseInt(path.group(1));
    }
}
