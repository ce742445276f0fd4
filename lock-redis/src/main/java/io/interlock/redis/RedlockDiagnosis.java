// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Finding;
import io.interlock.LockBackendException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the nodes tell of themselves, and whether they are what docs/adr/0018 demands. Changes nothing. */
final class RedlockDiagnosis {
    private static final Duration TOLERABLE = Duration.ofSeconds(1);

    private final RedlockNodes nodes;
    private final RedisOptions options;
    private final RedlockOptions quorumOptions;
    private final Map<Integer, Checkup> checkups = new TreeMap<>(); // guarded by answers
    private final Map<Integer, LockBackendException> failures = new TreeMap<>(); // guarded by answers
    private final RedlockAnswers answers = new RedlockAnswers();
    private final List<Finding> findings = new ArrayList<>();

    /**
     * What a node told.
     *
     * @param info of the server
     * @param aheadMicros its wall clock, less ours that knows no date: only differences of two nodes mean something
     * @param takenMicros how long the question took, by which it may be wrong
     */
    record Checkup(ServerInfo info, long aheadMicros, long takenMicros) {}

    RedlockDiagnosis(RedlockNodes nodes, RedisOptions options, RedlockOptions quorumOptions) {
        this.nodes = nodes;
        this.options = options;
        this.quorumOptions = quorumOptions;
    }

    List<Finding> run() throws InterruptedException {
        ask();
        answers.read(() -> {
            votes();
            checkups.forEach((index, checkup) -> node(nodes.get(index), checkup.info()));
            if (checkups.size() > 1) {
                findings.add(clocks(checkups.values()));
            }
            return true;
        });
        return List.copyOf(findings);
    }

    private void ask() throws InterruptedException {
        for (var node : nodes.all()) {
            node.ask(options.callTimeout(), RedlockNode::checkup, new RedlockNode.Listener<>() {
                @Override
                public void answered(Checkup checkup) {
                    answers.take(() -> checkups.put(node.index(), checkup));
                }

                @Override
                public void failed(LockBackendException reason) {
                    answers.take(() -> failures.put(node.index(), reason));
                }
            });
        }
        answers.await(() -> checkups.size() + failures.size() == nodes.all().size(), options.callTimeout());
    }

    private void votes() {
        int all = nodes.all().size();
        int present = checkups.size();
        String count =
                present + " of " + all + " nodes answer, and " + nodes.quorum().majority() + " are needed";
        if (present == all) {
            findings.add(Finding.info(count));
        } else if (nodes.quorum().isMajority(present)) {
            findings.add(Finding.warning(count + ": " + missing(), "bring them back, before more of them are lost"));
        } else {
            findings.add(Finding.error(count + ": " + missing(), "bring them back; nothing can be locked until then"));
        }
    }

    private String missing() {
        var words = new ArrayList<String>();
        for (var node : nodes.all()) {
            if (!checkups.containsKey(node.index())) {
                LockBackendException failure = failures.get(node.index());
                words.add(failure == null ? "no answer from " + node.address() : failure.getMessage());
            }
        }
        return String.join("; ", words);
    }

    private void node(RedlockNode node, ServerInfo info) {
        var its = new ArrayList<>(Diagnosis.of(info, options));
        boolean forgets = info.is("aof_enabled", "0");
        if (forgets && quorumOptions.restartDelay().isZero()) {
            its.add(Finding.warning(
                    "the node has forgotten its locks when it is started again after a crash, and nothing keeps it from"
                            + " voting at once (restartDelay = 0)",
                    "set a restartDelay of at least the longest lease, or appendonly yes with appendfsync always"));
        }
        long upMillis =
                TimeUnit.SECONDS.toMillis(info.number("uptime_in_seconds").orElse(0L));
        long mute = quorumOptions.restartDelay().toMillis() - upMillis;
        if (mute > 0) {
            its.add(Finding.warning(
                    "the node was started " + upMillis / 1000 + " s ago, and has no vote for another " + mute / 1000
                            + " s (restartDelay)",
                    "wait; start one node at a time, so that the others are a majority"));
        }
        findings.addAll(Diagnosis.attributed(its, node.address()));
    }

    /** How far apart the clocks of at least two nodes are. */
    static Finding clocks(Collection<Checkup> checkups) {
        long least = checkups.stream().mapToLong(Checkup::aheadMicros).min().orElse(0);
        long most = checkups.stream().mapToLong(Checkup::aheadMicros).max().orElse(0);
        long taken = checkups.stream().mapToLong(Checkup::takenMicros).max().orElse(0);
        String difference = "the nodes' clocks differ by " + (most - least) / 1000 + " ms, give or take "
                + (taken / 1000 + 1) + " ms";
        return most - least > taken + TOLERABLE.toNanos() / 1000
                ? Finding.warning(
                        difference + ": tokens jump, and a node that lost its data votes again too early by that much",
                        "let the nodes follow one time service; restartDelay must be the longest lease and this difference")
                : Finding.info(difference);
    }
}
