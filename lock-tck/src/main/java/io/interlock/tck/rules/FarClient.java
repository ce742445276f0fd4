// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.RenewalMode;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A client over a link of its own, whose faults strike nobody else, and what the rules about them have in common.
 * Thread-safe.
 */
final class FarClient {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Trial trial;
    private final Link link;
    private final LockClient client;

    private FarClient(Trial trial, Link link, Duration callTimeout) {
        this.trial = trial;
        this.link = link;
        client = trial.client(ClientSpec.through(link).with("callTimeout", callTimeout.toMillis() + "ms"));
        trial.closing((AutoCloseable) link::heal); // first of all, or the client's end takes its time
    }

    /** A client over a link, which has taken and released a lock already: it is connected and knows the store. */
    static FarClient over(Trial trial) {
        return patient(trial, callTimeout(trial));
    }

    /** The same with another bound of its calls. */
    static FarClient patient(Trial trial, Duration callTimeout) {
        return new FarClient(trial, trial.newLink(), callTimeout).warm();
    }

    /** The same over a link that tells commands apart. */
    static FarClient tellingApart(Trial trial) {
        return fresh(trial).warm();
    }

    /** The same, but it has asked for no lock yet. */
    static FarClient fresh(Trial trial) {
        return new FarClient(trial, trial.newCommandLink(), callTimeout(trial));
    }

    private FarClient warm() {
        trial.take(lock(trial.name())).release();
        return this;
    }

    /** Waits until it reaches the store again, over whatever connection. */
    void awaitBack() throws Exception {
        whenBack(() -> trial.take(lock(trial.name())).release());
    }

    /** {@return the bound of its calls, unless another was asked for; those about a lease have no more than a third of that either} */
    static Duration callTimeout(Trial trial) {
        return trial.bounds().slack().multipliedBy(3);
    }

    /** {@return leases that end soon, but not before a busy machine has made a call or two; not renewed} */
    static LockOptions brief(Trial trial) {
        return Holding.steady(trial).withRenewal(RenewalMode.NONE);
    }

    Link link() {
        return link;
    }

    LockClient client() {
        return client;
    }

    DistributedLock lock(String name) {
        return client.lock(name);
    }

    DistributedLock lock(String name, LockOptions options) {
        return client.lock(name, options);
    }

    static Predicate<Command> kind(Command.Kind kind) {
        return command -> command.is(kind);
    }

    /** Stops the next command of a kind before the store; where a majority of nodes is the store, before each of them. */
    Link.Held hold(Command.Kind kind) {
        return new HeldAtNodes(
                Stream.generate(() -> link.hold(kind(kind))).limit(nodes()).toList());
    }

    /** {@return how many commands went on to the store over its link; one that goes to several nodes at once is one} */
    long commandCount() {
        return link.commandCount() / nodes();
    }

    private int nodes() {
        return trial.declares(Capability.QUORUM) ? link.servers() : 1;
    }

    /** Waits until a fault has befallen its command. */
    void await(Link.Fault fault, String command) throws InterruptedException {
        Duration bound = trial.bounds().generous();
        if (!fault.awaitHappened(bound)) {
            throw new TimingError("the link saw no command for " + command + " within " + bound.toMillis() + " ms");
        }
    }

    /** {@return what a call gives; empty if it fails because the store did not answer, or its client was closed} */
    static <T> Optional<T> answer(Callable<T> call) throws Exception {
        try {
            return Optional.of(call.call());
        } catch (LockBackendException | IllegalStateException unanswered) {
            return Optional.empty();
        }
    }

    /** {@return what a call gives as soon as the store can be reached again; until then it may fail} */
    <T> T whenBack(Callable<T> call) throws Exception {
        Duration bound = trial.bounds().generous();
        long start = trial.now();
        while (true) {
            try {
                return call.call();
            } catch (LockBackendException still) {
                if (trial.now() - start > bound.toNanos()) {
                    throw new TimingError("the store can be reached again since " + bound.toMillis()
                            + " ms, and the client still fails: " + still.getMessage());
                }
                trial.pass(LOOK);
            }
        }
    }

    /** Takes a lock whose {@link #brief} lease, or its client's session, is about to end. */
    static Lease takeOver(Trial trial, DistributedLock lock) throws Exception {
        Duration bound = Holding.hasExpiry(trial)
                ? Holding.steadyLease(trial).plus(trial.bounds().crashRelease())
                : trial.bounds().generous();
        return lock.tryAcquire(bound)
                .orElseThrow(() -> new TimingError("lock '" + lock.name() + "' was not granted within "
                        + bound.toMillis() + " ms, although its former owner is gone and its lease is over"));
    }

    /** Demands for a while that the new owner keeps what it took. */
    static void assertUntouched(Trial trial, Lease owner, DistributedLock other, Duration time, String since)
            throws InterruptedException {
        long end = trial.now() + time.toNanos();
        do {
            Takeover.assertUntouched(trial, owner, other, since);
            trial.pass(LOOK);
        } while (trial.now() < end);
    }
}
