// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Lease;
import io.interlock.LockOptions;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What 5.14 demands of renewals while the network stands in the way. */
final class RenewalStall {
    private static final int FEW = 20;
    private static final int MANY = 50;
    private static final int HANDSHAKES = 100;
    private static final Duration LOOK = Duration.ofMillis(5);

    private RenewalStall() {}

    /** One renewal hangs: the others, due at the same time, must go on as if it did not. */
    static void delaysNobodyElse(Trial trial) throws Exception {
        var far = FarClient.tellingApart(trial);
        Duration time = longer(trial);
        Link.Held renewal = far.link().hold(FarClient.kind(Command.Kind.RENEW));
        List<Lease> leases = take(trial, far, FEW, time);
        far.await(renewal, "the first renewal of " + FEW + " locks");
        // renewed at a third; a call that times out takes another third, and who waits for it has a third left
        Duration least = time.dividedBy(2);
        for (long end = trial.now() + time.toNanos(); trial.now() < end; trial.pass(LOOK)) {
            long late = leases.stream()
                    .filter(lease -> lease.remaining().compareTo(least) < 0)
                    .count();
            if (late > 1) {
                throw new TimingError("the renewal of one lock hangs, and " + (late - 1) + " others have less than "
                        + least.toMillis() + " ms left of " + time.toMillis()
                        + ": they should have been renewed meanwhile");
            }
        }
        renewal.letGo();
        leases.forEach(Lease::release);
    }

    /** The network is down for a while: there is nothing to catch up with. */
    static void isNotCaughtUp(Trial trial) throws Exception {
        var far = FarClient.tellingApart(trial);
        Duration time = longer(trial);
        List<Lease> leases = take(trial, far, MANY, time);
        trial.pass(time.dividedBy(6));
        far.link().cut();
        trial.pass(time.dividedBy(3)); // in the middle of which all are due to be renewed
        long before = far.commandCount();
        far.link().heal();
        trial.pass(time);
        long sent = far.commandCount() - before;
        long most = 6L * MANY + HANDSHAKES;
        if (sent > most) {
            throw new AssertionError("after the network had been down for a third of their lease, " + MANY
                    + " locks are renewed by " + sent + " commands within one lease; " + 3 * MANY + " would do, and "
                    + most + " are too many");
        }
        leases.forEach(Lease::release);
    }

    private static List<Lease> take(Trial trial, FarClient far, int locks, Duration time) {
        LockOptions renewed = LockOptions.defaults().withLease(time);
        return IntStream.range(0, locks)
                .mapToObj(i -> trial.take(far.lock(trial.name(), renewed)))
                .toList();
    }

    /** {@return a lease of which a sixth is long beside the slack} */
    private static Duration longer(Trial trial) {
        return Holding.steadyLease(trial).multipliedBy(3);
    }
}
