// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Finding;
import io.interlock.Finding.Severity;
import io.interlock.LockClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class DiagnosisTest {
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
    void aServerThatIsAsItShouldBeHasNoErrors() throws Exception {
        LockClient client = database.client(bench.setting());
        client.lock("a").acquire().release();

        List<Finding> findings = client.diagnose();

        assertThat(findings).extracting(Finding::severity).doesNotContain(Severity.ERROR);
        assertThat(findings)
                .extracting(Finding::what)
                .anyMatch(what -> what.contains(
                        ", version " + database.query("SELECT VERSION()").get(0)))
                .contains("the server's clock is not behind the newest fencing token")
                .contains("the tables are as they must be: engine InnoDB, names unique byte by byte");
    }

    @Test
    void aReadOnlyServerIsAnError() {
        LockClient client = database.client(bench.setting());
        with(
                "read_only",
                "1",
                () -> assertThat(client.diagnose().get(0)).satisfies(first -> {
                    assertThat(first.severity()).isEqualTo(Severity.ERROR);
                    assertThat(first.what()).startsWith("the server is read-only (read_only = ON)");
                }));
        assertThat(whats(client)).noneMatch(what -> what.contains("read-only"));
    }

    @Test
    void aTableThatWasChangedSinceIsAnErrorWithTheStatementsThatMakeIt() {
        LockClient client = database.client(bench.setting());
        database.update("ALTER TABLE interlock_lock ENGINE = MyISAM");

        Finding first = client.diagnose().get(0);

        assertThat(first.severity()).isEqualTo(Severity.ERROR);
        assertThat(first.what()).isEqualTo("table interlock_lock has engine MyISAM: must be InnoDB");
        assertThat(first.remedy()).contains("CREATE TABLE IF NOT EXISTS `interlock_lock`");
    }

    @Test
    void aClockBehindTheTokensIsToldBySeconds() throws Exception {
        LockClient client = database.client(bench.setting());
        client.lock("a").acquire().release();
        String table = bench.isInsertDelete() ? "interlock_lock_fence" : "interlock_lock";
        database.update("UPDATE " + table + " SET token = token + 3600 * 1000000");

        assertThat(client.diagnose())
                .filteredOn(finding -> finding.severity() == Severity.WARNING)
                .extracting(Finding::what)
                .anyMatch(
                        what -> what.matches("the server's clock is 3(600|59\\d) s behind the newest fencing token.*"));
    }

    @Test
    void aServerThatForgetsInACrashIsAWarning() {
        LockClient client = database.client(bench.setting());
        with(
                "innodb_flush_log_at_trx_commit",
                "2",
                () -> assertThat(whats(client))
                        .anyMatch(what -> what.contains("(innodb_flush_log_at_trx_commit = 2)")));
        with(
                "innodb_flush_log_at_trx_commit",
                "1",
                () -> assertThat(whats(client)).noneMatch(what -> what.contains("innodb_flush_log_at_trx_commit")));
    }

    @Test
    void aPoolThatTheServerHasNoConnectionsForIsAWarning() {
        LockClient client = database.client(bench.setting(), "poolSize=30");
        with(
                "max_connections",
                "20",
                () -> assertThat(whats(client))
                        .anyMatch(
                                what -> what.matches(
                                        "the server has \\d+ of at most 20 connections, and a pool may want 30 for each client")));
    }

    @Test
    void waitsOfAnApplicationsDataSourceAreItsOwnAndLong() {
        var options = MysqlOptions.defaults()
                .withSchema(MysqlOptions.Schema.CREATE)
                .withVariant(MysqlOptions.Variant.of(bench.variant()));
        LockClient theirs =
                database.keep(LockClient.of(MysqlLocks.backend(new PlainSource(database::connect), options)));
        assertThat(whats(theirs)).anyMatch(what -> what.startsWith("a statement may wait on the server for 50 s"));
        assertThat(whats(database.client(bench.setting())))
                .noneMatch(what -> what.startsWith("a statement may wait on the server"));
    }

    @Test
    void aServerThatEndsIdleConnectionsSoonIsAWarning() {
        with(
                "wait_timeout",
                "59",
                () -> assertThat(whats(database.client(bench.setting())))
                        .contains("the server ends connections that are idle for 59 s (wait_timeout)"));
        with(
                "wait_timeout",
                "60",
                () -> assertThat(whats(database.client(bench.setting())))
                        .noneMatch(what -> what.contains("wait_timeout")));
    }

    private static List<String> whats(LockClient client) {
        return client.diagnose().stream().map(Finding::what).toList();
    }

    /** While a global variable has a value. */
    private void with(String variable, String value, Runnable check) {
        String before = database.query("SELECT @@GLOBAL." + variable).get(0);
        database.update("SET GLOBAL " + variable + " = " + value);
        try {
            check.run();
        } finally {
            database.update("SET GLOBAL " + variable + " = " + before);
        }
    }
}
