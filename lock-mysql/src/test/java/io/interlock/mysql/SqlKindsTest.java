// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.spi.OwnerId;
import io.interlock.tck.Command.Kind;
import java.time.Duration;
import java.util.regex.Matcher;
import org.jooq.Query;
import org.junit.jupiter.api.Test;

class SqlKindsTest {
    private static final OwnerId OWNER = new OwnerId(7, 7);
    private static final Duration LEASE = Duration.ofSeconds(3);

    private final SqlKinds kinds = new SqlKinds(MysqlOptions.defaults());
    private final Statements statements = new Statements("interlock_lock");
    private final LockKey key = LockKey.of("default", "any");

    @Test
    void looksAndAcquisitionsAreToldApart() {
        assertThat(kind(statements.look(key))).isEqualTo(Kind.LOOK);
        assertThat(kind(statements.insert(key, OWNER, LEASE, Spi.holder()))).isEqualTo(Kind.ACQUIRE);
        assertThat(kind(statements.takeOver(key, OWNER, OWNER, LEASE, Spi.holder())))
                .isEqualTo(Kind.ACQUIRE);
        assertThat(kind(statements.takeRow(key, OWNER, LEASE, 1, Spi.holder()))).isEqualTo(Kind.ACQUIRE);
    }

    @Test
    void releaseIsWhatAsksForALiveRowAndUndoWhatDoesNot() {
        assertThat(kind(statements.deleteLive(key, OWNER))).isEqualTo(Kind.RELEASE);
        assertThat(kind(statements.freeLive(key, OWNER))).isEqualTo(Kind.RELEASE);
        assertThat(kind(statements.delete(key, OWNER))).isEqualTo(Kind.UNDO);
        assertThat(kind(statements.free(key, OWNER))).isEqualTo(Kind.UNDO);
    }

    @Test
    void renewalIsNotTheOperatorsEnd() {
        assertThat(kind(statements.renew(key, OWNER, LEASE))).isEqualTo(Kind.RENEW);
        assertThat(kind(statements.force(key, 7))).isEqualTo(Kind.OTHER);
    }

    @Test
    void stepsInBetweenAndStrangersAreNothingInParticular() {
        assertThat(kind(statements.fence(key, 1))).isEqualTo(Kind.OTHER);
        assertThat(kind(statements.insertFence(key))).isEqualTo(Kind.OTHER);
        assertThat(kind(statements.confirm(key, OWNER, 7, 1))).isEqualTo(Kind.OTHER);
        assertThat(kind(statements.insertFree(key))).isEqualTo(Kind.OTHER);
        assertThat(kinds.apply("SELECT 1")).isEqualTo(Kind.OTHER);
    }

    /** As drivers send it: with the values in the text, which may have anything in them. */
    private Kind kind(Query query) {
        return kinds.apply(query.getSQL().replaceAll("\\?", Matcher.quoteReplacement("_binary 'a?\n\\'`b'")));
    }
}
