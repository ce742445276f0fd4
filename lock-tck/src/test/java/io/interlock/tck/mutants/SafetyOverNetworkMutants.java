// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.tck.toy.ToyFault;
import java.util.List;

/** What the rules of §2 must catch: safety, over a network with faults. */
final class SafetyOverNetworkMutants {
    private SafetyOverNetworkMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(10, "compare-then-delete is not atomic", ToyFault.RELEASE_IN_TWO_STEPS, "2.12"),
                Mutant.of(0, "compare-then-prolong is not atomic", ToyFault.RENEWAL_IN_TWO_STEPS, "2.13"),
                Mutant.of(16, "two-step acquire without an atomic expiry", ToyFault.ACQUIRE_IN_TWO_STEPS, "2.14"),
                Mutant.of(17, "acquire whose reply is lost leaves an orphan", ToyFault.NO_UNDO, "2.15", "5.08"),
                Mutant.of(0, "release is sent twice and frees the next owner", ToyFault.BLIND_SECOND_RELEASE, "2.16"),
                Mutant.of(23, "adopts the entry of a former session", ToyFault.ADOPTS_OLD_ENTRY, "2.21"));
    }
}
