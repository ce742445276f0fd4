// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Finding;
import io.interlock.Finding.Severity;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnoseTest {
    private final ScriptedBackend backend = new ScriptedBackend();
    private final EngineFixture engine = new EngineFixture(backend);

    @Test
    void theWorstComesFirstAndEqualsKeepTheirOrder() {
        Finding first = Finding.warning("slow", "make it fast");
        Finding second = Finding.warning("old", "make it new");
        Finding worst = Finding.error("read-only", "make it writable");
        Finding good = Finding.info("version 1");
        backend.diagnoses.add(() -> List.of(good, first, second, worst));

        assertThat(engine.client.diagnose()).containsExactly(worst, first, second, good);
    }

    @Test
    void aBackendWithoutChecksSaysSo() {
        assertThat(engine.client.diagnose()).containsExactly(Finding.info("this backend has no checks of its own"));
    }

    @Test
    void aFailureOfTheStoreComesThrough() {
        var failure = new LockBackendException("down", null, false);
        backend.diagnoses.add(() -> {
            throw failure;
        });
        assertThatThrownBy(engine.client::diagnose).isSameAs(failure);
    }

    @Test
    void anInterruptIsKeptAside() {
        backend.diagnoses.add(() ->
                List.of(Finding.info("interrupted: " + Thread.currentThread().isInterrupted())));
        Thread.currentThread().interrupt();
        try {
            assertThat(engine.client.diagnose()).containsExactly(Finding.info("interrupted: false"));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aClosedClientRefuses() {
        engine.client.close();
        assertThatThrownBy(engine.client::diagnose).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theStoreInThisJvmIsForTests() {
        try (var client = LockClient.open("memory:diagnosed")) {
            assertThat(client.diagnose())
                    .singleElement()
                    .extracting(Finding::severity)
                    .isEqualTo(Severity.WARNING);
        }
    }

    @Test
    void whatIsBadHasARemedy() {
        assertThatThrownBy(() -> Finding.error("read-only", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> Finding.info("")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Finding.info("fine").remedy()).isEmpty();
    }
}
