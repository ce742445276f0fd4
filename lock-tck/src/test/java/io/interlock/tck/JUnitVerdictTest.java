// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.interlock.LockClient;
import io.interlock.memory.MemoryLocks;
import io.interlock.tck.reference.MemoryTckBackend;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** What JUnit says of a rule: green, red, or aborted with the reason. */
final class JUnitVerdictTest {
    private final Map<String, String> before = new HashMap<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void reportsGoElsewhere() {
        set("lock.tck.report", folder.toString());
        set("lock.tck.seed", "42");
    }

    @AfterEach
    void settingsAreAsTheyWere() {
        before.forEach((key, value) -> {
            if (value.isEmpty()) {
                System.clearProperty(key);
            } else {
                System.setProperty(key, value);
            }
        });
    }

    @Test
    void aRuleThatIsKeptIsGreen() {
        assertThat(run(Sound.class, "1.01")).isEqualTo(new Said(Status.SUCCESSFUL, ""));
        assertThat(folder.resolve("report.html")).isRegularFile();
    }

    @Test
    void aRuleThatIsBrokenIsRedAndTellsTheSeed() {
        Said said = run(Apart.class, "1.06");
        assertThat(said.status()).isEqualTo(Status.FAILED);
        assertThat(said.message()).startsWith("FAIL 1.06: ").contains("(lock.tck.seed=42)");
    }

    @Test
    void anExpectedFailureIsAborted() {
        set("lock.tck.expected-failures", "1.06");
        Said said = run(Apart.class, "1.06");
        assertThat(said.status()).isEqualTo(Status.ABORTED);
        assertThat(said.message()).startsWith("XFAIL: ");
    }

    @Test
    void anUnexpectedPassIsRed() {
        set("lock.tck.expected-failures", "1.06");
        assertThat(run(Sound.class, "1.06"))
                .isEqualTo(new Said(
                        Status.FAILED,
                        "XPASS 1.06: is listed as an expected failure, and passes (lock.tck.seed=42)\n"));
    }

    @Test
    void whatIsRefusedOrCannotBeTestedIsAbortedWithTheReason() {
        assertThat(run(Sound.class, "2.22"))
                .isEqualTo(new Said(Status.ABORTED, "NOT_DECLARED: QUORUM is not declared, and was refused"));
        assertThat(run(Sound.class, "2.12"))
                .isEqualTo(new Said(Status.ABORTED, "NOT_VERIFIED: needs control over the network"));
    }

    @Test
    void whatIsLeftOutIsAborted() {
        set("lock.tck.rules", "1.01");
        List<Event> leftOut = tests(Sound.class)
                .finished()
                .filter(event -> said(event).status() == Status.ABORTED)
                .toList();
        assertThat(leftOut)
                .hasSizeGreaterThan(100)
                .allSatisfy(event -> assertThat(said(event).message()).isEqualTo("left out by lock.tck.rules"));
    }

    /** What JUnit was told of one rule. */
    private record Said(Status status, String message) {}

    private Said run(Class<? extends LockTck> kit, String rule) {
        set("lock.tck.rules", rule);
        return tests(kit)
                .finished()
                .filter(event -> event.getTestDescriptor().getDisplayName().startsWith(rule + " "))
                .map(JUnitVerdictTest::said)
                .findFirst()
                .orElseThrow();
    }

    private static Events tests(Class<? extends LockTck> kit) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(kit))
                .execute()
                .testEvents();
    }

    private static Said said(Event event) {
        var result = event.getRequiredPayload(TestExecutionResult.class);
        return new Said(
                result.getStatus(),
                result.getThrowable().map(Throwable::getMessage).orElse(""));
    }

    private void set(String key, String value) {
        String old = System.setProperty(key, value);
        before.putIfAbsent(key, old == null ? "" : old);
    }

    static final class Sound extends LockTck {
        @Override
        protected TckBackend backend() {
            return new MemoryTckBackend();
        }
    }

    /** Each client has a store of its own. */
    static final class Apart extends LockTck {
        @Override
        protected TckBackend backend() {
            return new TckBackend() {
                @Override
                public String id() {
                    return "apart";
                }

                @Override
                public LockClient newClient(ClientSpec spec) {
                    return MemoryLocks.create().newClient(spec.config());
                }

                @Override
                public void close() {
                    // the stores are garbage when their clients are closed
                }
            };
        }
    }
}
