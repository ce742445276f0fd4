// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

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
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * All rules of the kit as JUnit tests: extend it and return your backend.
 *
 * <pre>{@code
 * class MyBackendTckTest extends LockTck {
 *     @Override
 *     protected TckBackend backend() {
 *         return UriTckBackend.of("mine", "mine://127.0.0.1:7000");
 *     }
 * }
 * }</pre>
 *
 * <p>A rule that the backend keeps passes, one that it breaks fails; one that can't be tested, or does not apply, is
 * aborted with the reason. After the last rule the report is in {@code target/lock-tck}. System properties:
 * {@code lock.tck.scale} (what upper time bounds are multiplied by, 1), {@code lock.tck.seed} (random unless set, printed
 * in the report), {@code lock.tck.repeat} (1), {@code lock.tck.rules} (such as {@code 2.05,4.*}; all), {@code
 * lock.tck.expected-failures} (such as {@code 2.12}, beside {@link TckBackend#expectedFailures}; none), {@code
 * lock.tck.report} (the folder).
 */
@ExtendWith(RuleExtension.class)
@DisplayNameGeneration(RuleNames.class)
@SuppressWarnings("exports") // extension and names are of JUnit's concern, not of subclasses
public abstract class LockTck {
    /** For subclasses. */
    protected LockTck() {}

    /**
     * Makes the backend under test.
     *
     * @return called once for all rules; the kit closes it
     */
    protected abstract TckBackend backend();

    @Nested
    class S01AcquireAndRelease extends AcquireAndReleaseRules {}

    @Nested
    class S01Call extends CallRules {}

    @Nested
    class S01Operator extends OperatorRules {}

    @Nested
    class S02Exclusion extends ExclusionRules {}

    @Nested
    class S02Safety extends SafetyRules {}

    @Nested
    class S02SafetyOverNetwork extends SafetyOverNetworkRules {}

    @Nested
    class S03Fencing extends FencingRules {}

    @Nested
    class S04Waiting extends WaitingRules {}

    @Nested
    class S04WaitingOverNetwork extends WaitingOverNetworkRules {}

    @Nested
    class S04WaitEnd extends WaitEndRules {}

    @Nested
    class S04Interruption extends InterruptionRules {}

    @Nested
    class S04Crowd extends CrowdRules {}

    @Nested
    class S05Lease extends LeaseRules {}

    @Nested
    class S05Renewal extends RenewalRules {}

    @Nested
    class S05LeaseOverNetwork extends LeaseOverNetworkRules {}

    @Nested
    class S06Loss extends LossRules {}

    @Nested
    class S06LossOverNetwork extends LossOverNetworkRules {}

    @Nested
    class S06LossListener extends LossListenerRules {}

    @Nested
    class S07Reentrancy extends ReentrancyRules {}

    @Nested
    class S07LockView extends LockViewRules {}

    @Nested
    class S08Fairness extends FairnessRules {}

    @Nested
    class S09Async extends AsyncRules {}

    @Nested
    class S09AsyncCancel extends AsyncCancelRules {}

    @Nested
    class S10Lifecycle extends LifecycleRules {}

    @Nested
    class S10LifecycleInOneJvm extends LifecycleInOneJvmRules {}

    @Nested
    class S11Name extends NameRules {}

    @Nested
    class S12Residue extends ResidueRules {}

    @Nested
    class S12Hygiene extends HygieneRules {}

    @Nested
    class S13FaultOverNetwork extends FaultOverNetworkRules {}

    @Nested
    class S13Fault extends FaultRules {}

    @Nested
    class S14History extends HistoryRules {}

    @Nested
    class S15Provider extends ProviderRules {}

    @Nested
    class S15Promise extends PromiseRules {}
}
