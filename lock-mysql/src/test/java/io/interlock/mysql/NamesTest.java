// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.refused;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** M.04: names compare by bytes, whatever the collation of server, database and connection. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class NamesTest {
    private static final List<String> NAMES = List.of(
            "a",
            "A",
            "a ",
            " a",
            "á",
            "a\u0301",
            "å",
            "ss",
            "ß",
            "😀",
            "🚀",
            "1",
            "01",
            "'",
            "''",
            "\"",
            "`",
            "\\",
            "\\'",
            "'; DROP TABLE interlock_lock; --",
            "%",
            "_",
            "?",
            "{0}",
            ":x",
            "a\u0000b",
            "a\nb",
            "a:b",
            "\uFFFD",
            "x".repeat(254),
            "x".repeat(255),
            "x".repeat(254) + "y",
            "é".repeat(127));

    @Parameter
    Bench bench;

    private TestDatabase database;

    @BeforeEach
    void open() {
        database = bench.open();
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    @Tag("M.04")
    void everyNameIsALockOfItsOwn() throws InterruptedException {
        LockBackend backend = database.backend(bench.setting());
        var grants = new ArrayList<Grant>();
        for (String name : NAMES) {
            grants.add(grant(backend, request(name)));
        }
        assertThat(database.rows()).isEqualTo(NAMES.size());
        for (String name : NAMES) {
            refused(attempt(backend, request(name), newOwner()));
            assertThat(backend.holder(name)).isPresent();
        }
        for (Grant grant : grants) {
            assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        }
    }

    @Test
    @Tag("M.03")
    void laxServerCutsNoName() throws InterruptedException {
        database.update("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
        try {
            everyNameIsALockOfItsOwn();
        } finally {
            database.update("SET GLOBAL sql_mode = DEFAULT");
        }
    }

    @Test
    void namespacesSeparateLocks() throws InterruptedException {
        LockBackend first = database.backend(bench.setting(), "namespace=a");
        LockBackend second = database.backend(bench.setting(), "namespace=A");
        grant(first, request("x"));
        grant(second, request("x"));
        assertThat(database.query("SELECT CONVERT(name USING utf8mb4) FROM interlock_lock ORDER BY name"))
                .containsExactly("A:x", "a:x");
    }
}
