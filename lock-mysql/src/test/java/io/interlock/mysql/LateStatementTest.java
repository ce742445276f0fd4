// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static io.interlock.mysql.Spi.attempt;
import static io.interlock.mysql.Spi.grant;
import static io.interlock.mysql.Spi.granted;
import static io.interlock.mysql.Spi.newOwner;
import static io.interlock.mysql.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.RenewOutcome;
import io.interlock.tck.Link;
import io.interlock.tck.Link.Held;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements that arrive at the server after their client has given up. */
@ParameterizedClass
@MethodSource("io.interlock.mysql.Bench#all")
class LateStatementTest {
    private static final Duration SHORT = Duration.ofSeconds(1);

    @Parameter
    Bench bench;

    private TestDatabase database;
    private Link link;
    private LockBackend direct;
    private LockBackend proxied;

    @BeforeEach
    void open() {
        database = bench.open();
        link = database.link();
        direct = database.backend(bench.setting());
        proxied = database.backendOver(link, bench.setting());
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    @Test
    void lateTakingIsFoundByTheNextUndo() throws Exception {
        grant(direct, request("a")).release();
        var owner = newOwner();
        LockRequest request = request("a", Spi.LEASE, SHORT);
        Held late = hold(bench.isInsertDelete() ? "insert into `interlock_lock`" : "update `interlock_lock`");
        assertThatThrownBy(() -> attempt(proxied, request, owner))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isTrue());
        assertThat(direct.undo(request, owner)).isEqualTo(ReleaseOutcome.NOT_HELD);
        late.letGo();
        await().until(() -> direct.holder("a").isPresent());
        assertThat(direct.undo(request, owner)).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(direct.holder("a")).isEmpty();
        grant(direct, request("a"));
    }

    @Test
    void lateRenewalBringsNothingBack() throws Exception {
        LockRequest request = request("a", Spi.LEASE, SHORT);
        Grant grant = granted(attempt(proxied, request, newOwner()));
        Held late = hold("update `interlock_lock` set `expires_at`");
        assertThat(grant.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.UNKNOWN);
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.RELEASED);
        Grant next = grant(direct, request("a"));
        String expiry = expiry();
        late.letGo();
        Grant other = grant(direct, request("b"));
        assertThat(other.release()).isEqualTo(ReleaseOutcome.RELEASED);
        assertThat(expiry()).isEqualTo(expiry);
        assertThat(next.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    @Test
    void lateReleaseLeavesTheSuccessorAlone() throws Exception {
        LockRequest request = request("a", Spi.LEASE, SHORT);
        Grant grant = granted(attempt(proxied, request, newOwner()));
        Held late = hold(bench.isInsertDelete() ? "delete from" : "update `interlock_lock` set `owner`");
        assertThat(grant.release()).isEqualTo(ReleaseOutcome.UNKNOWN);
        assertThat(direct.undo(request, grant.owner())).isEqualTo(ReleaseOutcome.RELEASED);
        Grant successor = grant(direct, request("a"));
        late.letGo();
        grant(direct, request("b")).release();
        assertThat(successor.renew(Duration.ofSeconds(30))).isEqualTo(RenewOutcome.RENEWED);
        assertThat(successor.release()).isEqualTo(ReleaseOutcome.RELEASED);
    }

    private Held hold(String text) {
        return link.hold(command -> command.text().contains(text));
    }

    private String expiry() {
        return database.query("SELECT expires_at FROM interlock_lock WHERE name = 'default:a'")
                .get(0);
    }
}
