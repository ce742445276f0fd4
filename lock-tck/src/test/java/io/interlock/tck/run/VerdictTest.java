// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockClient;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import io.interlock.tck.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a rule's finding. The rules here are the catalogue's in name alone. */
final class VerdictTest {
    /** Shorter than any thread is woken in: every attempt falls into a stall. */
    private static final Duration NO_SLACK = Duration.ZERO;

    private static final Duration MUCH_SLACK = Duration.ofHours(1);
    private static final String EXPECTED = "lock.tck.expected-failures";

    private static final List<Integer> stalls = new CopyOnWriteArrayList<>();
    private static int asked;

    @BeforeEach
    void nobodyWasAsked() {
        asked = 0;
        stalls.clear();
    }

    @Test
    void isWhatTheRuleFinds() {
        assertVerdict(run("1.01"), Verdict.PASS, "");
        assertVerdict(run("1.02"), Verdict.FAIL, "two at a time");
        assertVerdict(run("1.04"), Verdict.NOT_VERIFIED, "no such thing here");
        assertVerdict(run("1.05"), Verdict.FAIL, "unexpected java.lang.IllegalStateException: what now");
        assertThat(run("1.02").detail()).contains("VerdictTest.java");
    }

    @Test
    void isOfMeasuredRulesNeverAFailure() {
        RuleResult result = run("8.06");
        assertVerdict(result, Verdict.NOT_VERIFIED, "measured only: a little unfair");
        assertThat(result.isMeasuredOnly()).isTrue();
        assertThat(run("1.04").isMeasuredOnly()).isFalse();
    }

    @Test
    void excusesLatenessInAStallAfterThreeAttempts() {
        RuleResult result = run("1.03", new Backend(NO_SLACK, Set.of(), true), settings(1));
        assertThat(result.verdict()).isEqualTo(Verdict.INVALID);
        assertThat(result.reason()).startsWith("the machine stood still for ").endsWith(" ms: granted late");
        assertThat(result.attempts()).isEqualTo(3);
        assertThat(result.invalid()).isEqualTo(3);
        assertThat(stalls).as("each attempt knows of those before it").containsExactly(0, 1, 2);
    }

    @Test
    void excusesNoLatenessWithoutAStall() {
        RuleResult result = run("1.03");
        assertVerdict(result, Verdict.FAIL, "granted late");
        assertThat(result.attempts()).isOne();
        assertThat(result.invalid()).isZero();
    }

    @Test
    void excusesNoDangerEvenInAStall() {
        RuleResult result = run("1.02", new Backend(NO_SLACK, Set.of(), true), settings(1));
        assertVerdict(result, Verdict.FAIL, "two at a time");
        assertThat(result.attempts()).isOne();
    }

    @Test
    void isTheWorstOfAllRepeats() {
        RuleResult result = run("1.06", backend(), settings(5));
        assertVerdict(result, Verdict.FAIL, "the third time");
        assertThat(result.attempts()).isEqualTo(3);
        assertThat(run("1.01", backend(), settings(5)).attempts()).isEqualTo(5);
    }

    @Test
    void withoutControlTheRuleIsNotAsked() {
        assertVerdict(run("13.01"), Verdict.NOT_VERIFIED, "needs control over the server");
        assertThat(asked).isZero();
    }

    @Test
    void whatIsNotDeclaredMustBeRefused() {
        assertVerdict(run("2.22"), Verdict.NOT_DECLARED, "QUORUM is not declared, and was refused");
        assertVerdict(
                run("2.22", new Backend(MUCH_SLACK, Set.of(), false), settings(1)),
                Verdict.FAIL,
                "QUORUM is not declared, and a client that requires it opens all the same");
        assertThat(asked).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"1.01, XPASS", "1.02, XFAIL", "1.04, NOT_VERIFIED", "2.22, NOT_DECLARED"})
    void expectedFailuresAreStrict(String rule, Verdict verdict) {
        Set<RuleId> expected = Set.of(RuleId.of(rule));
        assertThat(run(rule, new Backend(MUCH_SLACK, expected, true), settings(1))
                        .verdict())
                .as("listed by the backend")
                .isEqualTo(verdict);
        var settings = new RunSettings(1, 1, 1, List.of(), expected, Path.of("unused"));
        assertThat(run(rule, backend(), settings).verdict())
                .as("listed by the settings")
                .isEqualTo(verdict);
    }

    @Test
    void anExpectedFailureInAStallIsNone() {
        Set<RuleId> expected = Set.of(RuleId.of("1.03"));
        assertThat(run("1.03", new Backend(NO_SLACK, expected, true), settings(1))
                        .verdict())
                .isEqualTo(Verdict.INVALID);
    }

    @ParameterizedTest
    @CsvSource({"2.5, must look like 2.05", "nonsense, must look like 2.05", "2.99, there is no rule 2.99"})
    void expectedFailuresMustBeRules(String text, String problem) {
        Map<String, String> given = Map.of(EXPECTED, "1.01, " + text);
        assertThatThrownBy(() -> RunSettings.of(key -> Optional.ofNullable(given.get(key))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(EXPECTED)
                .hasMessageContaining(problem);
    }

    private static void assertVerdict(RuleResult result, Verdict verdict, String reason) {
        assertThat(result).extracting(RuleResult::verdict, RuleResult::reason).containsExactly(verdict, reason);
    }

    private static TckBackend backend() {
        return new Backend(MUCH_SLACK, Set.of(), true);
    }

    private static RunSettings settings(int repeat) {
        return new RunSettings(1, 1, repeat, List.of(), Path.of("unused"));
    }

    private static RuleResult run(String rule) {
        return run(rule, backend(), settings(1));
    }

    private static RuleResult run(String rule, TckBackend backend, RunSettings settings) {
        RuleTest test = Arrays.stream(Findings.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Rule.class))
                .map(method -> RuleTest.of(Findings.class, method))
                .filter(found -> found.spec().id().equals(RuleId.of(rule)))
                .findFirst()
                .orElseThrow();
        try (backend;
                var run = new TckRun(backend, settings)) {
            return run.run(test);
        }
    }

    @SuppressWarnings("DoNotCallSuggester") // the kit does
    static final class Findings {
        @Rule("1.01")
        void keeps(Trial trial) {
            asked++;
        }

        @Rule("1.02")
        void breaks(Trial trial) {
            throw new AssertionError("two at a time");
        }

        @Rule("1.03")
        void late(Trial trial) throws InterruptedException {
            stalls.add(trial.stalls());
            trial.pass(Duration.ofMillis(20)); // in which the stall guard wakes a few times
            throw new TimingError("granted late");
        }

        @Rule("1.04")
        void cannotTell(Trial trial) {
            throw new NotVerified("no such thing here");
        }

        @Rule("1.05")
        void throwsSomething(Trial trial) {
            throw new IllegalStateException("what now");
        }

        @Rule("1.06")
        void breaksAtLast(Trial trial) {
            if (++asked == 3) {
                throw new AssertionError("the third time");
            }
        }

        @Rule("2.22")
        void isForQuorums(Trial trial) {
            asked++;
        }

        @Rule("8.06")
        void isMeasured(Trial trial) {
            throw new AssertionError("a little unfair");
        }

        @Rule("13.01")
        void isForWhoCanStopServers(Trial trial) {
            asked++;
        }
    }

    private record Backend(Duration slack, Set<RuleId> expectedFailures, boolean honest, MemoryLocks locks)
            implements TckBackend {
        Backend(Duration slack, Set<RuleId> expectedFailures, boolean honest) {
            this(slack, expectedFailures, honest, MemoryLocks.create());
        }

        @Override
        public String id() {
            return "verdicts";
        }

        @Override
        public LockClient newClient(ClientSpec spec) {
            ClientSpec heard = honest ? spec : new ClientSpec(spec.link(), spec.settings(), Set.of());
            return locks.newClient(heard.config());
        }

        @Override
        public Timing timing() {
            return Timing.defaults().withSlack(slack);
        }

        @Override
        public void close() {
            // the store is garbage when its last client is closed
        }
    }
}
