// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** Which server keeps a key: the only one, the present master, or the node of its slot. Thread-safe. */
interface Route extends AutoCloseable {
    /**
     * The server of a key; does no I/O.
     *
     * @throws io.interlock.LockBackendException if it is known that there is none
     */
    ServerPool serverOf(StoreCall call, String key);

    /** The servers that keep keys, as far as they are known. */
    List<ServerPool> servers();

    /** The server that a server names instead of itself; empty where no server has a say in that. */
    Optional<ServerPool> follow(JedisRedirectionException sentOn);

    /** Called once, before anything but the first look at the store. */
    void start(Executor ioExecutor);

    /** How its servers carry wake-ups. */
    PubSub pubSub();

    /** What wakes the waiters of one client; called once, and closed before the route. */
    Waking wakeUps(BackendContext context, Duration callTimeout);

    @Override
    void close();
}
