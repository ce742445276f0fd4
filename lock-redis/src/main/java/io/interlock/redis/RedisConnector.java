// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Pattern;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** Connects to the server that a configuration names. */
final class RedisConnector {
    static final int DEFAULT_PORT = 6379;
    private static final Pattern DATABASE = Pattern.compile("/?|/(\\d{1,4})/?");

    private RedisConnector() {}

    /** Opens a pool and proves that the server answers; leaves nothing open if it does not. */
    static RedisStore connect(LockConfig config) {
        HostAndPort address = address(config);
        var owner = new OwnPool(address, clientConfig(config));
        int poolSize = config.count(RedisSettings.POOL_SIZE, RedisSettings.MAX_POOL_SIZE);
        var errors = new RedisErrors(address.toString(), config.password());
        var store = new RedisStore(owner.open(poolSize), owner, errors);
        try {
            store.command(StoreCall.begin("connecting", config.callTimeout()), Command.of("PING"));
            return store;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            store.close();
            throw new LockBackendException("redis at " + address + ": interrupted while connecting", e, false);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static HostAndPort address(LockConfig config) {
        List<InetSocketAddress> hosts = config.hosts(DEFAULT_PORT);
        if (hosts.size() != 1) {
            throw new LockConfigException(
                    "uri: has " + hosts.size() + " hosts; the variants lua and set-nx-px use one");
        }
        return new HostAndPort(hosts.get(0).getHostString(), hosts.get(0).getPort());
    }

    private static JedisClientConfig clientConfig(LockConfig config) {
        var client = DefaultJedisClientConfig.builder()
                .timeoutMillis((int) config.callTimeout().toMillis())
                .database(database(config))
                .clientName("interlock");
        config.user().ifPresent(client::user);
        config.password().ifPresent(client::password);
        if (config.user().isPresent() && config.password().isEmpty()) {
            throw new LockConfigException("user = " + config.user().get() + ": given without a password");
        }
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
        return client.build();
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
