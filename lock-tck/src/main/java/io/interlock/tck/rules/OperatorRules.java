// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LeaseStateChange;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.RenewalMode;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** §1: what an operator sees and does: holders, force release, namespaces. */
public class OperatorRules {
    @Rule("1.13")
    void r1_13_holderIsTold(Trial trial) throws Exception {
        LockClient client = trial.client();
        LockClient another = trial.client();
        String name = trial.name();
        DistributedLock lock = client.lock(name);
        assertHeld(false, "was never held", name, client, another);
        Residue.assertUnchanged(trial, name, 0, "holder() of a free lock");
        Lease lease = trial.take(lock);
        assertHeld(true, "is held", name, client, another);
        lease.release();
        assertHeld(false, "was released", name, client, another);
        trial.take(another.lock(name)).release();
        if (trial.declares(Capability.LEASE)) {
            String over = trial.name();
            Lease expiring = trial.take(client.lock(over, trial.shortLease()));
            assertHeld(true, "is held", over, another);
            trial.eventually(
                    trial.bounds().lease().plus(trial.bounds().crashRelease()),
                    "holder() tells that lock '" + over + "' is free, whose lease was not renewed",
                    () -> client.holder(over).isEmpty() && another.holder(over).isEmpty());
            trial.take(another.lock(over)).release();
            expiring.release();
        }
    }

    private static void assertHeld(boolean held, String state, String name, LockClient... clients) {
        for (LockClient client : clients) {
            Optional<HolderInfo> holder = client.holder(name);
            if (holder.isPresent() != held) {
                throw new AssertionError("lock '" + name + "' " + state + ", and holder() tells "
                        + holder.map(HolderInfo::describe).orElse("of nobody"));
            }
        }
    }

    @Rule("1.14")
    void r1_14_forceReleaseFreesAndTellsTheHolder(Trial trial) throws Exception {
        LockClient operator = trial.client();
        LockClient another = trial.client();
        String name = trial.name();
        boolean renewable = trial.declares(Capability.EXTEND) || trial.declares(Capability.SESSION_BOUND);
        LockOptions options = Holding.steady(trial);
        if (!renewable) {
            options = options.withRenewal(RenewalMode.NONE);
        }
        Lease first = trial.take(trial.client().lock(name, options));
        Queue<LeaseStateChange> losses = lossesOf(first);
        long token = token(trial, operator, first);
        if (operator.forceRelease(name, token - 1)) {
            throw new AssertionError("force release of token " + (token - 1) + " ended the grant with token " + token);
        }
        trial.assertRefused(another.lock(name), "only a grant with another token was to be ended");
        force(operator, name, token);
        awaitLoss(trial, first, losses, renewable ? Optional.of(LossReason.FORCED) : Optional.empty());

        Lease second = trial.take(another.lock(name, options));
        Queue<LeaseStateChange> moreLosses = lossesOf(second);
        long secondToken = assertLarger(token, token(trial, operator, second));
        if (operator.forceRelease(name, token)) {
            throw new AssertionError("force release of token " + token + " ended the later grant " + secondToken);
        }
        force(operator, name, secondToken);
        Lease third = trial.take(operator.lock(name));
        assertLarger(secondToken, token(trial, operator, third));
        awaitLoss(trial, second, moreLosses, Optional.empty());
        for (Lease former : List.of(first, second)) {
            if (former.release() != ReleaseOutcome.NOT_HELD) {
                throw new AssertionError(
                        "release after a forced one says " + former.release() + ", not that it was lost");
            }
        }
        Takeover.assertUntouched(trial, third, another.lock(name), "released");
        third.release();
    }

    private static Queue<LeaseStateChange> lossesOf(Lease lease) {
        var losses = new ConcurrentLinkedQueue<LeaseStateChange>();
        lease.onStateChange(change -> {
            if (change.state() == LeaseState.LOST) {
                losses.add(change);
            }
        });
        return losses;
    }

    private static long token(Trial trial, LockClient client, Lease lease) {
        return trial.declares(Capability.FENCING)
                ? lease.fencingToken()
                : client.holder(lease.lockName())
                        .orElseThrow(() -> new AssertionError("lock '" + lease.lockName() + "' is held by nobody"))
                        .fencingToken()
                        .orElseThrow(() -> new AssertionError("the holder has no token to force its release by"));
    }

    private static void force(LockClient operator, String name, long token) {
        if (!operator.forceRelease(name, token)) {
            throw new AssertionError(
                    "force release of lock '" + name + "' with its holder's token says it was not there");
        }
    }

    private static long assertLarger(long before, long next) {
        if (next <= before) {
            throw new AssertionError("the grant after the force release of token " + before + " has token " + next
                    + ", which is not larger");
        }
        return next;
    }

    private static void awaitLoss(
            Trial trial, Lease lease, Queue<LeaseStateChange> losses, Optional<LossReason> expected) throws Exception {
        Duration bound = Holding.steadyLease(trial).plus(trial.bounds().lossDetection());
        trial.eventually(
                bound,
                "the holder of lock '" + lease.lockName() + "' is told that it was ended by force",
                () -> !losses.isEmpty() && !lease.isHeld());
        Optional<LossReason> reason = losses.element().reason();
        if (expected.isPresent() && !reason.equals(expected)) {
            throw new AssertionError("the holder whose grant was ended by force is told the reason "
                    + reason.orElseThrow() + " instead of " + expected.get());
        }
    }

    @Rule("1.15")
    void r1_15_namespacesSeparateLocks(Trial trial) throws Exception {
        String space = "t" + Long.toString(System.nanoTime(), 36); // two runs may share a store
        LockClient plain = trial.client();
        List<String> separators = List.of("", ".", "_", "-");
        LockClient first = trial.client(ClientSpec.direct().with("namespace", space));
        for (String separator : separators) {
            LockClient second = trial.client(ClientSpec.direct().with("namespace", space + separator + "b"));
            separate(trial, first.lock("b" + separator + "c"), second.lock("c"), separator);
            separate(trial, first.lock("b" + separator + "c"), second.lock(separator + "c"), separator);
            separate(trial, first.lock("b" + separator + separator + "c"), second.lock(separator + "c"), separator);
        }
        LockClient upper = trial.client(ClientSpec.direct().with("namespace", space.toUpperCase(Locale.ROOT)));
        String name = trial.name();
        separate(trial, first.lock(name), upper.lock(name), "case");
        separate(trial, first.lock(name), plain.lock(name), "default");
        separate(trial, plain.lock(space + ":" + name), first.lock(name), ":");
        try (Lease lease = trial.take(first.lock(name))) {
            trial.assertRefused(
                    trial.client(ClientSpec.direct().with("namespace", space)).lock(name),
                    "another client of the same namespace holds it");
            trial.assertHeld(lease, "in its namespace");
        }
    }

    private static void separate(Trial trial, DistributedLock first, DistributedLock second, String by) {
        try (Lease lease = trial.take(first)) {
            second.tryAcquire()
                    .orElseThrow(() -> new AssertionError("lock '" + second.name() + "' was refused because lock '"
                            + first.name() + "' of another namespace is held (separator '" + by + "')"))
                    .release();
            trial.assertHeld(lease, "beside one of another namespace");
        }
    }
}
