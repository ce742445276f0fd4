// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.toy.ToyFault;
import java.util.List;

/** What the rules of §5 must catch: leases, over a network with faults. */
final class LeaseOverNetworkMutants {
    private LeaseOverNetworkMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(0, "validity counts from the reply", ToyFault.VALIDITY_FROM_REPLY, "5.07", "13.09"),
                Mutant.of(50, "grant with a spent lease", ToyFault.SPENT_LEASE_GRANTED, "5.08"),
                Mutant.of(0, "one failed renewal is a loss", ToyFault.FAILED_RENEWAL_IS_LOSS, "5.12"),
                Mutant.of(0, "a renewal that hangs holds others up", ToyFault.RENEWALS_ONE_AT_A_TIME, "5.14"),
                Mutant.of(0, "missed renewals are made good", ToyFault.RENEWALS_CAUGHT_UP, "5.14"));
    }
}
