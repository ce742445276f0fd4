// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One lock's node as an ensemble keeps it: writes in one order, reads from any server, which may lag behind but never
 * go back for one session. Confined to one thread.
 */
final class SimulatedEnsemble {
    private final List<Tree> history = new ArrayList<>(List.of(Tree.MISSING));
    private final Set<Integer> sessions = new TreeSet<>();
    private final int firstSequence;
    private long micros = 1_750_000_000_000_000L;
    private long skewMicros;

    /**
     * Empty.
     *
     * @param firstSequence what the counter of a node that is made begins with, as though it had been used so often
     */
    SimulatedEnsemble(int firstSequence) {
        this.firstSequence = firstSequence;
    }

    /** A contender's node, or some other program's. */
    record Node(int session, long ctimeMillis) {}

    /** What a node's data says, and its version. */
    record Pair(String data, int version) {
        Optional<Fence> fence() {
            return Fence.parse(data);
        }
    }

    /**
     * The lock's node at one time. Immutable.
     *
     * @param counter the next child's sequence
     */
    record Tree(boolean exists, int counter, Pair pair, Map<String, Node> children) {
        static final Tree MISSING = new Tree(false, 0, new Pair("", 0), Map.of());

        Tree with(String name, Node node) {
            var more = new TreeMap<>(children);
            more.put(name, node);
            return new Tree(true, counter + 1, pair, more);
        }

        Tree without(String name) {
            var fewer = new TreeMap<>(children);
            fewer.remove(name);
            return new Tree(true, counter, pair, fewer);
        }

        Tree with(Fence fence) {
            return new Tree(
                    true,
                    counter,
                    new Pair(new String(fence.bytes(), StandardCharsets.US_ASCII), pair.version() + 1),
                    children);
        }
    }

    int now() {
        return history.size() - 1;
    }

    Tree at(int time) {
        return history.get(time);
    }

    Tree latest() {
        return history.get(now());
    }

    long micros() {
        return micros;
    }

    void pass(long passed) {
        micros += passed;
    }

    /** The next writes get their times from this leader's clock. */
    void electLeader(long skewOfItsClock) {
        skewMicros = skewOfItsClock;
    }

    void open(int session) {
        sessions.add(session);
    }

    boolean isOpen(int session) {
        return sessions.contains(session);
    }

    void expire(int session) {
        sessions.remove(session);
        for (String name : List.copyOf(latest().children().keySet())) {
            if (latest().children().get(name).session() == session) {
                delete(name);
            }
        }
    }

    /** {@return the whole name; empty if the lock's node is missing} */
    Optional<String> create(int session, String prefix) {
        Tree tree = latest();
        if (!tree.exists()) {
            return Optional.empty();
        }
        String name = prefix + String.format(Locale.ROOT, "%010d", tree.counter());
        history.add(tree.with(name, new Node(session, (micros + skewMicros) / 1000)));
        return Optional.of(name);
    }

    void makeParent() {
        if (!latest().exists()) {
            history.add(new Tree(true, firstSequence, new Pair("", 0), Map.of()));
        }
    }

    /** As the ensemble does with a container that has become empty. */
    void removeParent() {
        Tree tree = latest();
        if (tree.exists() && tree.children().isEmpty() && tree.counter() != firstSequence) {
            history.add(Tree.MISSING);
        }
    }

    boolean delete(String name) {
        if (!latest().children().containsKey(name)) {
            return false;
        }
        history.add(latest().without(name));
        return true;
    }

    /** Sets the pair. {@return the new version; empty if the version is another one than expected, or there is no node} */
    Optional<Integer> set(Fence fence, int version) {
        Tree tree = latest();
        if (!tree.exists() || (version >= 0 && version != tree.pair().version())) {
            return Optional.empty();
        }
        history.add(tree.with(fence));
        return Optional.of(latest().pair().version());
    }

    /** Checks a contender's node and sets the pair, or does nothing. */
    Optional<Integer> checkAndSet(String name, Fence fence, int version) {
        return latest().children().containsKey(name) ? set(fence, version) : Optional.empty();
    }

    /** Deletes a contender's node and sets the pair, or does nothing. */
    boolean deleteAndSet(String name, Fence fence, int version) {
        Tree tree = latest();
        if (!tree.children().containsKey(name) || tree.pair().version() != version) {
            return false;
        }
        history.add(tree.without(name).with(fence));
        return true;
    }
}
