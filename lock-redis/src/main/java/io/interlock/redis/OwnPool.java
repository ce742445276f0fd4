// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.apache.commons.pool2.PooledObject;
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

    private final HostAndPort address;
    private final JedisClientConfig config;

    OwnPool(HostAndPort address, JedisClientConfig config) {
        this.address = address;
        this.config = config;
    }

    ConnectionPool open(int size) {
        var settings = new ConnectionPoolConfig();
        settings.setMaxTotal(size);
        settings.setMaxIdle(size);
        settings.setJmxEnabled(false);
        return new ConnectionPool(new BoundedFactory(), settings);
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
            LOG.debug("could not close the pool of {}", address, e);
        }
    }

    private Socket createSocket() {
        StoreCall call = calling.get();
        if (call == null) {
            return new DefaultJedisSocketFactory(address, config).createSocket();
        }
        var bounded = DefaultJedisClientConfig.builder()
                .from(config)
                .connectionTimeoutMillis(Math.max(1, call.leftMillis() / addresses()))
                .socketTimeoutMillis(call.leftMillis())
                .build();
        Socket socket = new DefaultJedisSocketFactory(address, bounded).createSocket();
        bound(socket, call);
        return socket;
    }

    /** How many the client library may try, one after the other. */
    private int addresses() {
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
            made.getObject().setSoTimeout(config.getSocketTimeoutMillis());
            return made;
        }
    }
}
