// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import java.util.List;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link MutantTest}, for mutants whose fault is in what all of a JVM shares, such as its heap. */
@Isolated("others would feel the mutant's fault")
class LoneMutantTest {
    static List<Mutant> mutants() {
        return MutantTest.mutants(true);
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("mutants")
    void isCaughtByItsRulesAndBreaksNoOther(Mutant mutant) {
        MutantTest.requireCaught(mutant);
    }
}
