// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.spi.LockBackend;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** M.12: tables that are missing or wrong. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.TestServer#all")
class SchemaTest {
    @Parameter
    TestServer place;

    private TestDatabase database;

    @BeforeEach
    void open() {
        database = new TestDatabase(place);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    @Tag("M.12")
    void missingTablesAreRefusedWithTheStatementsThatMakeThem() throws InterruptedException {
        String message = refusal("schema=verify");
        assertThat(message)
                .contains("table interlock_lock is missing", "table interlock_lock_fence is missing", "schema=create");
        String ddl = message.substring(message.indexOf("CREATE TABLE"));
        List.of(ddl.split(";")).forEach(database::update);
        grant(open("schema=verify"), request("a"));
    }

    @Test
    void rowNeedsNoTableOfCounters() {
        assertThat(refusal("schema=verify&variant=row")).doesNotContain("_fence");
        open("schema=create&variant=row").close();
        assertThat(database.query("SHOW TABLES")).containsExactly("interlock_lock");
    }

    @Test
    void tablesAreMadeOnceAndUnderTheNameThatIsSet() throws InterruptedException {
        open("schema=create&table=t1").close();
        assertThat(database.query("SHOW TABLES")).containsExactlyInAnyOrder("t1", "t1_fence");
        grant(open("schema=create&table=t1"), request("a"));
        grant(open("schema=verify&table=t1"), request("b"));
        assertThat(database.number("SELECT COUNT(*) FROM t1")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE interlock_lock ENGINE = MyISAM|engine MyISAM: must be InnoDB",
                "ALTER TABLE interlock_lock DROP PRIMARY KEY|must have the primary key (name)",
                "ALTER TABLE interlock_lock DROP PRIMARY KEY, ADD PRIMARY KEY (name(20))|in part",
                "ALTER TABLE interlock_lock DROP PRIMARY KEY, ADD PRIMARY KEY (name, owner)|must have the primary key",
                "ALTER TABLE interlock_lock ADD UNIQUE KEY one_holder (holder)|no other unique index",
                "ALTER TABLE interlock_lock MODIFY name VARCHAR(320) NOT NULL|varchar(320): must be varbinary(320)",
                "ALTER TABLE interlock_lock MODIFY name VARBINARY(319) NOT NULL|must be varbinary(320)",
                "ALTER TABLE interlock_lock MODIFY expires_at DATETIME NOT NULL|must be datetime(6)",
                "ALTER TABLE interlock_lock MODIFY expires_at TIMESTAMP(6) NOT NULL|timestamp(6): must be datetime(6)",
                "ALTER TABLE interlock_lock DROP COLUMN holder|holder is missing: must be varchar(1000)",
                "ALTER TABLE interlock_lock_fence MODIFY token INT NOT NULL|interlock_lock_fence.token is int"
            })
    @Tag("M.12")
    void wrongTableIsRefusedWithWhatIsWrong(String change, String words) {
        open("schema=create").close();
        database.update(change);
        for (String schema : List.of("verify", "create")) {
            assertThat(refusal("schema=" + schema)).contains(words).contains("CREATE TABLE IF NOT EXISTS");
        }
    }

    @Test
    void columnsAndIndexesOfOneSOwnDoNoHarm() throws InterruptedException {
        open("schema=create").close();
        database.update("ALTER TABLE interlock_lock ADD COLUMN note VARCHAR(20) NOT NULL DEFAULT '',"
                + " ADD KEY by_expiry (expires_at), MODIFY holder VARCHAR(2000) CHARACTER SET utf8mb4 NOT NULL");
        grant(open("schema=verify"), request("a")).release();
    }

    private LockBackend open(String query) {
        String uri = database.uri().replace("schema=create", query);
        return database.started(new MysqlLockProvider().open(LockConfig.of(uri)));
    }

    private String refusal(String query) {
        var message = new StringBuilder();
        assertThatThrownBy(() -> open(query))
                .isInstanceOfSatisfying(LockBackendException.class, e -> message.append(e.getMessage()));
        return message.toString();
    }
}
