// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.tck.history.FencedRegister.Access;
import io.interlock.tck.history.FencedRegister.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FencedRegisterTest {
    private final FencedRegister register = new FencedRegister(Mode.FENCED);

    @Test
    void aSmallerTokenIsRefused() {
        assertThat(register.write("a", 5, 0, 1)).isTrue();
        assertThat(register.write("b", 4, 0, 2)).isFalse();
        assertThat(register.read("b", 4)).isEmpty();
        assertThat(register.read("a", 5)).hasValue(1);
        assertThat(register.violations()).isEmpty();
    }

    @Test
    void aReadOfANewHolderShutsTheFormerOneOut() {
        assertThat(register.read("old", 4)).hasValue(0);
        assertThat(register.read("new", 5)).hasValue(0);
        assertThat(register.write("old", 4, 0, 1)).isFalse();
        assertThat(register.write("new", 5, 0, 1)).isTrue();
        assertThat(register.violations()).isEmpty();
    }

    @Test
    void twoHoldersOfOneTokenLoseAnUpdate() {
        register.read("a", 5);
        register.read("b", 5);
        register.write("a", 5, 0, 1);
        register.write("b", 5, 0, 1);
        assertThat(register.violations())
                .singleElement()
                .satisfies(found -> assertThat(found.sentence())
                        .isEqualTo("14.05 lost update: b with token 5 wrote 1, made from 0, over 1"));
    }

    @Test
    void withoutFencingAStaleWriteIsAcceptedAndFound() {
        var open = new FencedRegister(Mode.UNFENCED);
        open.read("old", 4);
        open.read("new", 5);
        assertThat(open.write("new", 5, 0, 1)).isTrue();
        assertThat(open.write("old", 4, 0, 1)).isTrue();
        assertThat(open.violations())
                .extracting(Finding::sentence)
                .containsExactly(
                        "14.05 stale write accepted: old wrote 1 with token 4 after token 5 had been seen",
                        "14.05 lost update: old with token 4 wrote 1, made from 0, over 1");
    }

    @Test
    void refusedWritesAreNoViolation() {
        assertThat(FencedRegister.judge(
                        List.of(new Access("a", true, 5, 0, 1, true), new Access("b", true, 4, 7, 2, false))))
                .isEmpty();
    }
}
