// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.LockBackend;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Three nodes in memory, whose locks need some of them. */
final class QuorumTckBackend implements TckBackend {
    private static final int NODES = 3;

    private final List<MemoryLocks> nodes =
            Stream.generate(MemoryLocks::create).limit(NODES).toList();
    private final int quorum;
    private final Executor undoing;

    /**
     * Fresh nodes.
     *
     * @param quorum how many of them make a grant; 2 is right
     * @param undoing runs what undoes attempts that got fewer and will not wait
     */
    QuorumTckBackend(int quorum, Executor undoing) {
        this.quorum = quorum;
        this.undoing = undoing;
    }

    @Override
    public String id() {
        return "quorum";
    }

    @Override
    public LockClient newClient(ClientSpec spec) {
        LockConfig config = spec.config();
        List<LockBackend> backends =
                nodes.stream().map(node -> node.backend(config.namespace())).toList();
        return LockClient.of(new QuorumBackend(backends, quorum, undoing), config);
    }

    @Override
    public Optional<StoreInspector> store() {
        return Optional.of(
                new AllNodes(nodes.stream().map(MemoryTckBackend::inspectorOf).toList()));
    }

    @Override
    public void close() {
        // the stores are garbage when their last client is closed
    }

    private record AllNodes(List<StoreInspector> nodes) implements StoreInspector {
        @Override
        public int entries(String name) {
            return nodes.stream().mapToInt(node -> node.entries(name)).sum();
        }

        @Override
        public int counters(String name) {
            return 0;
        }

        @Override
        public OptionalInt waiters(String name) {
            return OptionalInt.empty();
        }

        @Override
        public Optional<Duration> timeToLive(String name) {
            return nodes.get(0).timeToLive(name);
        }

        @Override
        public long commandCount() {
            return nodes.stream().mapToLong(StoreInspector::commandCount).sum();
        }

        @Override
        public int connections() {
            return 0;
        }

        @Override
        public int subscriptions() {
            return 0;
        }

        @Override
        public boolean steal(String name, Duration lease) {
            return onAll(node -> node.steal(name, lease));
        }

        @Override
        public boolean delete(String name) {
            return onAll(node -> node.delete(name));
        }

        @Override
        public boolean expire(String name) {
            return onAll(node -> node.expire(name));
        }

        private boolean onAll(Predicate<StoreInspector> spoil) {
            return nodes.stream().filter(spoil).count() > 0;
        }

        @Override
        public void killSubscriptions() {
            // there are none
        }

        @Override
        public Foreign foreign() {
            return nodes.get(0).foreign();
        }

        @Override
        public void close() {
            nodes.forEach(StoreInspector::close);
        }
    }
}
