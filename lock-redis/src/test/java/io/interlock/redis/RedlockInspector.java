// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** Looks at all nodes of redlock: what is there is what a majority has. Thread-safe. */
final class RedlockInspector implements StoreInspector {
    private final List<RedisInspector> nodes;
    private final Quorum quorum;

    RedlockInspector(LockConfig config) {
        // the entries are those of variant lua
        RedisOptions options = RedisSettings.options(config).withVariant(RedisOptions.Variant.LUA);
        nodes = config.hosts(RedisConnector.DEFAULT_PORT).stream()
                .map(host -> new RedisInspector(new RedisShell(config, host), options))
                .toList();
        quorum = Quorum.of(nodes.size());
    }

    @Override
    public int entries(String name) {
        return ofMajority(node -> node.entries(name));
    }

    @Override
    public int counters(String name) {
        return ofMajority(node -> node.counters(name));
    }

    /** They poll. */
    @Override
    public OptionalInt waiters(String name) {
        return OptionalInt.empty();
    }

    @Override
    public Optional<Duration> timeToLive(String name) {
        Duration left = ofMajority(node -> node.timeToLive(name).orElse(Duration.ZERO));
        return left.isZero() ? Optional.empty() : Optional.of(left);
    }

    @Override
    public Map<String, String> frozenKeys() {
        return nodes.get(0).frozenKeys();
    }

    @Override
    public boolean hasKey(String key) {
        return byMajority(node -> node.hasKey(key));
    }

    /** A command that goes to all nodes at once is one. */
    @Override
    public long commandCount() {
        long all = nodes.stream().mapToLong(RedisInspector::commandCount).sum();
        return all / nodes.size();
    }

    @Override
    public int connections() {
        return total(RedisInspector::connections);
    }

    @Override
    public int subscriptions() {
        return total(RedisInspector::subscriptions);
    }

    @Override
    public boolean steal(String name, Duration lease) {
        return byMajority(node -> node.steal(name, lease));
    }

    @Override
    public boolean delete(String name) {
        return byMajority(node -> node.delete(name));
    }

    @Override
    public boolean expire(String name) {
        return byMajority(node -> node.expire(name));
    }

    @Override
    public void killSubscriptions() {
        nodes.forEach(RedisInspector::killSubscriptions);
    }

    @Override
    public Foreign foreign() {
        List<Foreign> foreign = nodes.stream().map(RedisInspector::foreign).toList();
        return new Foreign() {
            @Override
            public boolean isUntouched() {
                return foreign.stream().allMatch(Foreign::isUntouched);
            }

            @Override
            public void close() {
                foreign.forEach(Foreign::close);
            }
        };
    }

    @Override
    public void close() {
        nodes.forEach(RedisInspector::close);
    }

    /** So many, or more, a majority has. */
    private <T extends Comparable<T>> T ofMajority(Function<RedisInspector, T> value) {
        List<T> falling =
                nodes.stream().map(value).sorted(Comparator.reverseOrder()).toList();
        return falling.get(quorum.majority() - 1);
    }

    /** Asks every node, whatever the others have said. */
    private boolean byMajority(Predicate<RedisInspector> question) {
        return quorum.isMajority(total(node -> question.test(node) ? 1 : 0));
    }

    private int total(ToIntFunction<RedisInspector> count) {
        return nodes.stream().mapToInt(count).sum();
    }
}
