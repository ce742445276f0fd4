// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.tck.rules.AcquireAndReleaseRules;
import io.interlock.tck.rules.AsyncCancelRules;
import io.interlock.tck.rules.AsyncRules;
import io.interlock.tck.rules.CallRules;
import io.interlock.tck.rules.CrowdRules;
import io.interlock.tck.rules.ExclusionRules;
import io.interlock.tck.rules.FairnessRules;
import io.interlock.tck.rules.FaultOverNetworkRules;
import io.interlock.tck.rules.FaultRules;
import io.interlock.tck.rules.FencingRules;
import io.interlock.tck.rules.HistoryRules;
import io.interlock.tck.rules.HygieneRules;
import io.interlock.tck.rules.InterruptionRules;
import io.interlock.tck.rules.LeaseOverNetworkRules;
import io.interlock.tck.rules.LeaseRules;
import io.interlock.tck.rules.LifecycleInOneJvmRules;
import io.interlock.tck.rules.LifecycleRules;
import io.interlock.tck.rules.LockViewRules;
import io.interlock.tck.rules.LossListenerRules;
import io.interlock.tck.rules.LossOverNetworkRules;
import io.interlock.tck.rules.LossRules;
import io.interlock.tck.rules.NameRules;
import io.interlock.tck.rules.OperatorRules;
import io.interlock.tck.rules.PromiseRules;
import io.interlock.tck.rules.ProviderRules;
import io.interlock.tck.rules.ReentrancyRules;
import io.interlock.tck.rules.RenewalRules;
import io.interlock.tck.rules.ResidueRules;
import io.interlock.tck.rules.SafetyOverNetworkRules;
import io.interlock.tck.rules.SafetyRules;
import io.interlock.tck.rules.WaitEndRules;
import io.interlock.tck.rules.WaitingOverNetworkRules;
import io.interlock.tck.rules.WaitingRules;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Every test of a rule, in order of the rules. */
public final class Sections {
    private static final List<Class<?>> CLASSES = List.of(
            AcquireAndReleaseRules.class,
            CallRules.class,
            OperatorRules.class,
            ExclusionRules.class,
            SafetyRules.class,
            SafetyOverNetworkRules.class,
            FencingRules.class,
            WaitingRules.class,
            WaitingOverNetworkRules.class,
            WaitEndRules.class,
            InterruptionRules.class,
            CrowdRules.class,
            LeaseRules.class,
            RenewalRules.class,
            LeaseOverNetworkRules.class,
            LossRules.class,
            LossOverNetworkRules.class,
            LossListenerRules.class,
            ReentrancyRules.class,
            LockViewRules.class,
            FairnessRules.class,
            AsyncRules.class,
            AsyncCancelRules.class,
            LifecycleRules.class,
            LifecycleInOneJvmRules.class,
            NameRules.class,
            ResidueRules.class,
            HygieneRules.class,
            FaultOverNetworkRules.class,
            FaultRules.class,
            HistoryRules.class,
            ProviderRules.class,
            PromiseRules.class);

    private static final List<RuleTest> TESTS = CLASSES.stream()
            .flatMap(section -> Arrays.stream(section.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Rule.class))
                    .map(method -> RuleTest.of(section, method)))
            .sorted(Comparator.comparing(test -> test.spec().id()))
            .toList();

    private Sections() {}

    /** {@return the classes that have the tests} */
    public static List<Class<?>> classes() {
        return CLASSES;
    }

    /** {@return all tests} */
    public static List<RuleTest> tests() {
        return TESTS;
    }
}
