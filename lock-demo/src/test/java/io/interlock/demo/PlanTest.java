// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void everySafeVariantRunsAfterTheControl() {
        Plan plan = Plan.of(List.of("broken:x?lease=5s"));
        assertThat(plan.runs().get(0).isControl()).isTrue();
        assertThat(plan.runs().stream().skip(1))
                .extracting(Run::title)
                .containsExactly(
                        "broken fails", "broken fails-last", "broken grants-all", "broken grants-none", "broken loses");
        assertThat(plan.runs().get(1).uri()).hasValue("broken:x?lease=5s&variant=fails");
        assertThat(plan.skipped()).singleElement().asString().contains("broken holed", "allowUnsafe=true");
    }

    @Test
    void unsafeVariantRunsIfTheUriAdmitsIt() {
        Plan plan = Plan.of(List.of("broken:x?allowUnsafe=true"));
        assertThat(plan.runs()).extracting(Run::title).contains("broken holed");
        assertThat(plan.skipped()).isEmpty();
    }

    @Test
    void variantInTheUriRunsAlone() {
        Plan plan = Plan.of(List.of("broken:x?variant=fails"));
        assertThat(plan.runs()).hasSize(2).last().isEqualTo(Run.locked("broken fails", "broken:x?variant=fails"));
    }

    @Test
    void uriIsNotShown() {
        assertThat(Run.locked("redis lua", "redis://:s3cret@localhost")).hasToString("redis lua");
    }

    @Test
    void onlyStoresOfOneSchemeAreNumbered() {
        Plan plan = Plan.of(List.of("memory:a", "broken:x?variant=fails", "memory:b"));
        assertThat(plan.runs().stream().skip(1))
                .extracting(Run::title)
                .containsExactly("memory fifo #1", "broken fails", "memory fifo #3");
    }

    @Test
    void variantsAreThoseThatTheNumberOfServersIsGoodFor() {
        Plan plan = Plan.of(List.of("redis://h1,h2,h3", "redis://h1"));
        assertThat(plan.runs().stream().skip(1))
                .extracting(Run::title)
                .startsWith("redis redlock", "redis lua")
                .doesNotHaveDuplicates();
    }
}
