// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatesTest {
    private final Gates gates = new Gates();
    private final Signal first = new Signal();
    private final Signal second = new Signal();
    private final Signal third = new Signal();

    @Test
    void onlyTheFrontOfANameMayGo() {
        var one = gates.enter("a", first);
        var two = gates.enter("a", second);
        var other = gates.enter("b", third);
        assertThat(one.isFront()).isTrue();
        assertThat(two.isFront()).isFalse();
        assertThat(other.isFront()).isTrue();
    }

    @Test
    void theNextMovesUpAndIsToldWhenTheFrontLeaves() {
        var one = gates.enter("a", first);
        var two = gates.enter("a", second);
        one.close();
        assertThat(two.isFront()).isTrue();
        assertThat(second.isRaised()).isTrue();
    }

    @Test
    void oneThatLeavesFromTheMiddleTellsNobody() {
        var one = gates.enter("a", first);
        var two = gates.enter("a", second);
        var three = gates.enter("a", third);
        two.close();
        assertThat(third.isRaised()).isFalse();
        one.close();
        assertThat(three.isFront()).isTrue();
        assertThat(third.isRaised()).isTrue();
    }

    @Test
    void leavingTwiceDoesNotPushTheNextOneOut() {
        var one = gates.enter("a", first);
        var two = gates.enter("a", second);
        one.close();
        second.clear();
        one.close();
        assertThat(two.isFront()).isTrue();
        assertThat(second.isRaised()).isFalse();
    }

    @Test
    void aReleaseWakesTheFrontOnly() {
        gates.enter("a", first);
        gates.enter("a", second);
        gates.wakeFront("a");
        assertThat(first.isRaised()).isTrue();
        assertThat(second.isRaised()).isFalse();
    }

    @Test
    void nothingIsRememberedOfANameThatNobodyWaitsFor() {
        gates.enter("a", first).close();
        gates.wakeFront("a");
        assertThat(gates.size()).isZero();
    }
}
