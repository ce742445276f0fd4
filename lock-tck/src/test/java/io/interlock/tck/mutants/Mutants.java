// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import java.util.List;
import java.util.stream.Stream;

/** Every broken backend that the kit must catch. */
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        return Stream.of(
                        AcquireAndReleaseMutants.all(),
                        CallMutants.all(),
                        SafetyMutants.all(),
                        ExclusionMutants.all(),
                        LateGrantMutants.all(),
                        SafetyOverNetworkMutants.all(),
                        FencingMutants.all(),
                        WaitingMutants.all(),
                        WaitEndMutants.all(),
                        CrowdMutants.all(),
                        InterruptionMutants.all(),
                        WaitingOverNetworkMutants.all(),
                        LeaseMutants.all(),
                        RenewalMutants.all(),
                        LeaseOverNetworkMutants.all(),
                        LossMutants.all(),
                        LossListenerMutants.all(),
                        LossOverNetworkMutants.all(),
                        LockViewMutants.all(),
                        FairnessMutants.all(),
                        AsyncMutants.all(),
                        LifecycleMutants.all(),
                        NameMutants.all(),
                        HygieneMutants.all(),
                        FaultMutants.all(),
                        HistoryMutants.all(),
                        ProviderMutants.all())
                .flatMap(List::stream)
                .toList();
    }
}
