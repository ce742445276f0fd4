// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.LockOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedlockConfigTest {
    @RegisterExtension
    static final TestNodes nodes = new TestNodes();

    /** Nobody listens at these: they are refused before anything is sent. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    h1                          | uri hosts: 1; redlock needs an odd number of independent servers, from 3 to 9
                    h1,h2                       | uri hosts: 2; redlock needs
                    h1,h2,h3,h4                 | uri hosts: 4; redlock needs
                    h1,h2,h3,h4,h5,h6,h7,h8,h9,ha,hb | uri hosts: 11; redlock needs
                    h1,h2,h1                    | uri host 'h1:6379': given twice
                    h1,h2,H2:6379               | uri host 'h2:6379': given twice
                    """)
    @Tag("RL.01")
    void rl_01_numberAndNamesOfNodesAreChecked(String hosts, String message) {
        assertThatThrownBy(() -> LockClient.open("redis://" + hosts + "/0?variant=redlock"))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "nodeTimeout=4ms, nodeTimeout = 4ms",
        "nodeTimeout=11s, nodeTimeout = 11s",
        "restartDelay=49h, restartDelay = 49h",
        "lease=2m, lease = 120000ms: must be at most the restartDelay of 60000ms",
        "restartDelay=29s, lease = 30000ms: must be at most the restartDelay of 29000ms"
    })
    void boundsAreChecked(String setting, String message) {
        assertThatThrownBy(() -> LockClient.open("redis://h1,h2,h3/0?variant=redlock&" + setting))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void severalHostsNeedTheVariant() {
        assertThatThrownBy(() -> LockClient.open("redis://h1,h2,h3/0")).isInstanceOf(LockConfigException.class);
    }

    @Test
    @Tag("RL.01")
    void rl_01_twoNamesOfOneServerAreRefused() {
        int one = nodes.server(0).port();
        String hosts = "127.0.0.1:" + one + ",localhost:" + one + ",127.0.0.1:"
                + nodes.server(1).port();
        assertThatThrownBy(() -> LockClient.open("redis://" + hosts + "/0?variant=redlock"))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("'127.0.0.1:" + one + "' and 'localhost:" + one + "': are one server");
    }

    @Test
    void minorityMayBeDownAtOpen() {
        nodes.server(2).kill();
        assertThatCode(() -> nodes.client().lock("a").tryAcquire().orElseThrow().release())
                .doesNotThrowAnyException();
    }

    @Test
    void nodeThatWasDownAtOpenHasAVoteWhenItIsBack() {
        nodes.server(2).kill();
        var client = nodes.client();
        nodes.restart(2);
        nodes.server(1).kill();
        assertThat(client.lock("a").tryAcquire()).isPresent();
    }

    @Test
    void majorityThatIsDownAtOpenIsRefused() {
        nodes.server(1).kill();
        nodes.server(2).kill();
        assertThatThrownBy(nodes::client)
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("only 1 of the redis nodes")
                .hasMessageContaining("2 are needed");
    }

    @Test
    void leaseThatIsLongerThanTheRestartDelayIsRefused() {
        var client = nodes.client("restartDelay=30s");
        var options = LockOptions.defaults().withLease(Duration.ofSeconds(31));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.lock("a", options))
                .withMessageContaining("lease = 31000ms: must be at most the restartDelay of 30000ms");
    }

    @Test
    void renewalForLongerThanTheRestartDelayIsRefusedAndTheLeaseGoesOn() {
        var client = nodes.client("restartDelay=4s", "lease=4s");
        Lease lease = await() // nodes that have just been started do not vote yet
                .ignoreExceptionsInstanceOf(LockBackendException.class)
                .until(() -> client.lock("a").tryAcquire(), Optional::isPresent)
                .orElseThrow();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lease.renew(Duration.ofSeconds(5)))
                .withMessageContaining("lease = 5000ms: must be at most the restartDelay of 4000ms");
        assertThat(lease.renew(Duration.ofSeconds(4))).isTrue();
    }

    @Test
    void applicationsClientsAreCounted() {
        var two = List.of(nodes.applicationClient(0), nodes.applicationClient(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisLocks.redlock(two, RedisOptions.defaults(), RedlockOptions.defaults()))
                .withMessageContaining("nodes: 2; redlock needs an odd number");
    }

    @Test
    void oneClientIsNoQuorum() {
        var options = RedisOptions.defaults().withVariant(RedisOptions.Variant.REDLOCK);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisLocks.backend(nodes.applicationClient(0), options))
                .withMessageContaining("variant = redlock");
    }

    @Test
    void optionsAreChecked() {
        var options = RedlockOptions.defaults();
        assertThatIllegalArgumentException().isThrownBy(() -> options.withNodeTimeout(Duration.ofMillis(4)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withNodeTimeout(Duration.ofSeconds(11)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withRestartDelay(Duration.ofHours(49)));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withRestartDelay(Duration.ofMillis(-1)));
        assertThat(options.withRestartDelay(Duration.ZERO).covers(Duration.ofDays(1)))
                .isTrue();
    }

    @Test
    void severalServersAreForRedlockAndOneIsForTheOthers() {
        var provider = new RedisLockProvider();
        assertThat(provider.variantsFor(LockConfig.of("redis://h1,h2,h3"))).containsExactly("redlock");
        assertThat(provider.variantsFor(LockConfig.of("redis://h1")))
                .contains("lua", "set-nx-px")
                .doesNotContain("redlock");
    }

    @Test
    void declaresWhatItKeeps() {
        assertThat(nodes.client().capabilities())
                .contains(Capability.QUORUM, Capability.FENCING)
                .doesNotContain(
                        Capability.PUSH_WAKEUP,
                        Capability.FAILOVER_SAFE,
                        Capability.FENCING_DURABLE,
                        Capability.SURVIVES_RESTART);
    }
}
