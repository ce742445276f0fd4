// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.spi.LockRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * The independent servers of one client. Thread-safe.
 *
 * @param all in the order of the configuration
 * @param quorum how many of them decide
 * @param nodeTimeout the longest that one is waited for in one round
 */
record RedlockNodes(List<RedlockNode> all, Quorum quorum, Duration nodeTimeout) {
    /** For what is under way at the end: long for a healthy node, short for who waits. */
    private static final Duration CLOSING = Duration.ofMillis(500);

    RedlockNodes(List<RedlockNode> all, Duration nodeTimeout) {
        this(List.copyOf(all), Quorum.of(all.size()), nodeTimeout);
    }

    RedlockNode get(int index) {
        return all.get(index);
    }

    /** The longest wait for the answer to a request of one round. */
    Duration timeout(LockRequest request) {
        return Durations.atMost(nodeTimeout, request.callTimeout());
    }

    /** The longest wait in the first of two rounds, which must both end within one call. */
    Duration firstTimeout(LockRequest request) {
        return Durations.atMost(
                nodeTimeout, request.callTimeout().multipliedBy(3).dividedBy(4));
    }

    /** Asks all at once. The answers are counted one at a time, as they come in, late ones too. */
    <A> void ask(
            Duration timeout,
            RedlockNode.Question<A> question,
            RedlockAnswers answers,
            BiConsumer<Integer, A> answered,
            IntConsumer failed) {
        for (var node : all) {
            node.ask(timeout, question, new RedlockNode.Listener<>() {
                @Override
                public void answered(A answer) {
                    answers.take(() -> answered.accept(node.index(), answer));
                }

                @Override
                public void failed(LockBackendException reason) {
                    answers.take(() -> failed.accept(node.index()));
                }
            });
        }
    }

    /** For messages. */
    String addresses() {
        return all.stream().map(RedlockNode::address).collect(Collectors.joining(", "));
    }

    /** Lets what is under way end, in bounded time, and closes the connections. */
    void close() {
        all.forEach(RedlockNode::beginClose);
        long end = System.nanoTime() + CLOSING.toNanos();
        for (var node : all) {
            node.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
