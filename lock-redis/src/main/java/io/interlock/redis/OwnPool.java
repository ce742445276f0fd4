// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.commons.pool2.PooledObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.Pool;

/**
 * The pool of a client that we opened. Thread-safe.
 *
 * <p>A connection that has to be made first takes its time out of the call that needs it: with the pool's fixed timeout,
 * a call of a short lease would hang for that while the server is stopped.
 * Each of its steps, the TLS handshake and each of the first commands, is bounded by what was left when connecting began
 * or was done; a server that answers each of them late can so exceed the call by a few times its timeout.
 */
final class OwnPool implements PoolOwner {
    private static final Logger LOG = LoggerFactory.getLogger(OwnPool.class);

    /** Set for the time of a borrowing only, because the pool makes connections through a method without parameters. */
    @SuppressWarnings("ThreadLocalUsage") // a static one would be shared by clients
    private final ThreadLocal<StoreCall> calling = new ThreadLocal<>();

    /** Where the connection that this thread is making leads. */
    @SuppressWarnings("ThreadLocalUsage") // as above
    private final ThreadLocal<HostAndPort> found = new ThreadLocal<>();

    /** Where connections lead; weak, because of those made here that are not of the pool nobody says when they end. */
    private final Map<Connection, HostAndPort> leading = Collections.synchronizedMap(new WeakHashMap<>());

    private final Whereabouts whereabouts;
    private final JedisClientConfig config;
    private volatile @Nullable ConnectionPool opened;

    OwnPool(HostAndPort address, JedisClientConfig config) {
        this(call -> address, config);
    }

    OwnPool(Whereabouts whereabouts, JedisClientConfig config) {
        this.whereabouts = whereabouts;
        this.config = config;
    }

    ConnectionPool open(int size) {
        var settings = new ConnectionPoolConfig();
        settings.setMaxTotal(size);
        settings.setMaxIdle(size);
        settings.setJmxEnabled(false);
        var pool = new ConnectionPool(new BoundedFactory(), settings);
        opened = pool;
        return pool;
    }

    /** Ends the idle connections. Those in use are not lent again if they lead to where the server was. */
    void forget() {
        ConnectionPool pool = opened;
        if (pool != null) {
            pool.clear();
        }
    }

    @Override
    public Connection borrow(Pool<Connection> pool, StoreCall call) throws Exception {
        calling.set(call);
        try {
            return pool.borrowObject(call.left());
        } finally {
            calling.remove();
        }
    }

    @Override
    public void connectionFailed(Pool<Connection> pool) {
        pool.clear();
    }

    @Override
    public void close(Pool<Connection> pool) {
        try {
            pool.close();
        } catch (RuntimeException e) {
            LOG.debug("could not close a pool", e);
        }
    }

    private Socket createSocket() {
        StoreCall call = calling.get();
        if (call == null) {
            HostAndPort address = whereabouts.find(
                    StoreCall.begin("connecting", Duration.ofMillis(config.getConnectionTimeoutMillis())));
            found.set(address);
            return new DefaultJedisSocketFactory(address, config).createSocket();
        }
        HostAndPort address = whereabouts.find(call);
        found.set(address);
        var bounded = DefaultJedisClientConfig.builder()
                .from(config)
                .connectionTimeoutMillis(Math.max(1, call.leftMillis() / addresses(address)))
                .socketTimeoutMillis(call.leftMillis())
                .build();
        Socket socket = new DefaultJedisSocketFactory(address, bounded).createSocket();
        bound(socket, call);
        return socket;
    }

    /** How many the client library may try, one after the other. */
    private static int addresses(HostAndPort address) {
        try {
            return InetAddress.getAllByName(address.getHost()).length;
        } catch (UnknownHostException e) {
            // the client library finds the same, and says so
            return 1;
        }
    }

    /** The first words to the server, which follow, have what connecting has left. */
    private static void bound(Socket socket, StoreCall call) {
        try {
            socket.setSoTimeout(call.leftMillis());
        } catch (SocketException e) {
            throw new JedisConnectionException(e);
        }
    }

    private final class BoundedFactory extends ConnectionFactory {
        BoundedFactory() {
            super(OwnPool.this::createSocket, config);
        }

        /** The pool tests idle connections with the timeout that they have. */
        @Override
        public PooledObject<Connection> makeObject() throws Exception {
            var made = super.makeObject();
            Connection connection = made.getObject();
            try {
                whereabouts.check(connection);
            } catch (RuntimeException e) {
                connection.disconnect();
                throw e;
            }
            connection.setSoTimeout(config.getSocketTimeoutMillis());
            leading.put(connection, found.get());
            found.remove();
            return made;
        }

        /** The pool asks before it lends one, and makes another instead. */
        @Override
        public void activateObject(PooledObject<Connection> pooled) throws Exception {
            HostAndPort address = leading.get(pooled.getObject());
            if (address != null && !whereabouts.isAt(address)) {
                throw new JedisConnectionException("the server is not at " + address + " any more");
            }
            super.activateObject(pooled);
        }
    }
}
