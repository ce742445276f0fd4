// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/** Connects to the independent servers that a configuration of variant {@code redlock} names. */
final class RedlockConnector {
    private static final Logger LOG = LoggerFactory.getLogger(RedlockConnector.class);
    private static final int MIN_NODES = 3;
    private static final int MAX_NODES = 9;

    private RedlockConnector() {}

    /** Opens the pools, and proves that a majority answers and that no two nodes are one server. */
    static RedlockBackend open(LockConfig config, RedisOptions options) {
        if (RedisMode.of(config) != RedisMode.STANDALONE) {
            throw new LockConfigException("mode = " + RedisMode.of(config).text()
                    + ": is not for variant=redlock, whose servers know nothing of each other");
        }
        RedlockOptions quorum = RedisSettings.redlock(config);
        if (!quorum.covers(config.lease())) {
            throw new LockConfigException(quorum.refusal(config.lease()));
        }
        List<HostAndPort> addresses = addresses(config);
        JedisClientConfig client = RedisConnector.clientConfig(config);
        int poolSize = config.count(RedisSettings.POOL_SIZE, RedisSettings.MAX_POOL_SIZE);
        var stores = new ArrayList<RedisStore>();
        for (var address : addresses) {
            var owner = new OwnPool(address, client);
            stores.add(new RedisStore(
                    owner.open(poolSize), owner, new RedisErrors(address.toString(), config.password())));
        }
        RedlockNodes nodes = nodes(stores, options, quorum, poolSize);
        try {
            requireDistinct(nodes, config.callTimeout());
            return new RedlockBackend(nodes, options, quorum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            nodes.close();
            throw new LockBackendException(
                    "redis at " + nodes.addresses() + ": interrupted while connecting", e, false);
        } catch (RuntimeException e) {
            nodes.close();
            throw e;
        }
    }

    static RedlockBackend backend(List<RedisStore> stores, RedisOptions options, RedlockOptions quorum, int calls) {
        return new RedlockBackend(nodes(stores, options, quorum, calls), options, quorum);
    }

    /** What is wrong with a number of nodes. */
    static Optional<String> requireNodes(int count) {
        return count >= MIN_NODES && count <= MAX_NODES && count % 2 == 1
                ? Optional.empty()
                : Optional.of(count + "; redlock needs an odd number of independent servers, from " + MIN_NODES + " to "
                        + MAX_NODES);
    }

    private static RedlockNodes nodes(List<RedisStore> stores, RedisOptions options, RedlockOptions quorum, int calls) {
        Duration nodeTimeout = Durations.atMost(quorum.nodeTimeout(), options.callTimeout());
        RedisOptions nodeOptions = options.withCallTimeout(
                nodeTimeout.compareTo(Limit.CALL_TIMEOUT.min) < 0 ? Limit.CALL_TIMEOUT.min : nodeTimeout);
        var nodes = new ArrayList<RedlockNode>();
        for (int i = 0; i < stores.size(); i++) {
            nodes.add(new RedlockNode(i, stores.get(i), nodeOptions, quorum.restartDelay(), calls));
        }
        return new RedlockNodes(nodes, nodeTimeout);
    }

    private static List<HostAndPort> addresses(LockConfig config) {
        var addresses = config.hosts(RedisConnector.DEFAULT_PORT).stream()
                .map(host -> new HostAndPort(host.getHostString().toLowerCase(Locale.ROOT), host.getPort()))
                .toList();
        requireNodes(addresses.size()).ifPresent(wrong -> {
            throw new LockConfigException("uri hosts: " + wrong);
        });
        Set<HostAndPort> seen = new HashSet<>();
        for (var address : addresses) {
            if (!seen.add(address)) {
                throw new LockConfigException(
                        "uri host '" + address + "': given twice; each node must be another server");
            }
        }
        return addresses;
    }

    /** Two names may lead to one server. A minority may be down: its votes are compared when they come. */
    private static void requireDistinct(RedlockNodes nodes, Duration timeout) throws InterruptedException {
        var servers = new HashMap<Integer, String>();
        var failures = new ArrayList<LockBackendException>();
        var answers = new RedlockAnswers();
        for (var node : nodes.all()) {
            node.ask(timeout, RedlockNode::server, new RedlockNode.Listener<>() {
                @Override
                public void answered(String server) {
                    answers.take(() -> servers.put(node.index(), server));
                }

                @Override
                public void failed(LockBackendException reason) {
                    answers.take(() -> failures.add(reason));
                }
            });
        }
        answers.await(() -> servers.size() + failures.size() == nodes.all().size(), timeout);
        answers.read(() -> {
            requireDistinct(nodes, servers);
            requireMajority(nodes, servers.size(), failures);
            return true;
        });
    }

    private static void requireDistinct(RedlockNodes nodes, Map<Integer, String> servers) {
        Map<String, Integer> seen = new HashMap<>();
        servers.forEach((node, server) -> {
            Integer other = seen.putIfAbsent(server, node);
            if (other != null) {
                throw new LockConfigException("uri hosts '" + nodes.get(other).address() + "' and '"
                        + nodes.get(node).address() + "': are one server, of run id " + server
                        + "; each node must be another");
            }
        });
    }

    private static void requireMajority(RedlockNodes nodes, int answered, List<LockBackendException> failures) {
        if (nodes.quorum().isMajority(answered)) {
            failures.forEach(failure -> LOG.warn("opened without one of the redlock nodes: {}", failure.getMessage()));
            return;
        }
        var thrown = new LockBackendException(
                "connecting failed: only " + answered + " of the redis nodes " + nodes.addresses() + " answered, and "
                        + nodes.quorum().majority() + " are needed"
                        + (failures.isEmpty() ? "" : ": " + failures.get(0).getMessage()),
                failures.isEmpty() ? null : failures.get(0),
                false);
        failures.stream().skip(1).forEach(thrown::addSuppressed);
        throw thrown;
    }
}
