// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.Capability;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockProvider;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MysqlLockProviderTest {
    /** A port on which nobody listens, so that who sends anything gets another exception. */
    private static final String NOWHERE = "mysql://u:s3cret@127.0.0.1:1/locks";

    private final MysqlLockProvider provider = new MysqlLockProvider();

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(LockProvider.class)).anyMatch(MysqlLockProvider.class::isInstance);
        assertThat(provider.schemes()).containsExactlyInAnyOrder("mysql", "mariadb");
    }

    @Test
    void variantsPromiseNeitherOrderNorPushNorFailover() {
        assertThat(provider.variants()).containsOnlyKeys("insert-delete", "row");
        assertThat(provider.defaultVariant()).isEqualTo("insert-delete");
        assertThat(provider.unsafeVariants()).isEmpty();
        assertThat(provider.variants().values())
                .allSatisfy(capabilities -> assertThat(capabilities)
                        .containsExactlyInAnyOrder(
                                Capability.LEASE,
                                Capability.EXTEND,
                                Capability.FENCING,
                                Capability.FENCING_DURABLE,
                                Capability.INSPECT,
                                Capability.LOSS_SIGNAL,
                                Capability.CLIENT_CLOCK_FREE,
                                Capability.SURVIVES_RESTART,
                                Capability.FORCE_RELEASE));
    }

    @Test
    void defaultsOfSettingsAreThoseOfTheOptions() {
        assertThat(MysqlSettings.options(LockConfig.of(NOWHERE))).isEqualTo(MysqlOptions.defaults());
        assertThat(provider.options().stream().map(ConfigOption::key).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("poolSize", "table", "schema", "poll", "purge", "tls");
    }

    @Test
    void settingsReachTheOptions() {
        var options = MysqlSettings.options(LockConfig.of(
                NOWHERE + "?variant=row&schema=create&table=t_1&namespace=n&poll=5ms&purge=2s&callTimeout=100ms"));
        assertThat(options)
                .isEqualTo(new MysqlOptions(
                        MysqlOptions.Variant.ROW,
                        MysqlOptions.Schema.CREATE,
                        "t_1",
                        "n",
                        Duration.ofMillis(5),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(100)));
    }

    @ParameterizedTest
    @CsvSource({
        "table=locks;drop, table = locks;drop",
        "table=1locks, table = 1locks",
        "schema=maybe, schema = maybe: must be one of [verify; create]",
        "poll=0ms, poll = 0ms: must be from 1ms",
        "poll=2m, poll = 2m: must be from 1ms to 60000ms",
        "purge=999ms, purge = 999ms: must be from 1000ms",
        "purge=25h, purge = 25h",
        "poolSize=0, poolSize = 0: must be at least 1",
        "poolSize=1001, poolSize = 1001: must be at most 1000",
        "tls=maybe, tls = maybe: must be one of [driver; require; verify]"
    })
    void badSettingIsRefusedWithKeyValueAndLimitBeforeAnythingIsSent(String setting, String words) {
        assertThatThrownBy(() -> provider.open(LockConfig.of(NOWHERE + "?" + setting)))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining(words.replace(';', words.contains("[") ? ',' : ';'));
    }

    @Test
    void longestTableNameIsTakenAndALongerOneRefused() {
        assertThat(MysqlOptions.defaults().withTable("t".repeat(58)).table()).hasSize(58);
        assertThatThrownBy(() -> MysqlOptions.defaults().withTable("t".repeat(59)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 58 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://h:1,i:1/locks",
                "mysql://h:1/",
                "mysql://h:1",
                "mysql://h:1/a/b",
                "mysql://h:1/locks%3Fx=y",
                "mysql://h(x=y):1/locks"
            })
    void badPlaceIsRefusedBeforeAnythingIsSent(String uri) {
        assertThatThrownBy(() -> provider.open(LockConfig.of(uri)))
                .isInstanceOf(LockConfigException.class)
                .hasMessageContaining("uri");
    }

    @Test
    void unreachableServerIsNamedAndThePasswordIsNot() {
        assertThatThrownBy(() -> LockClient.open(NOWHERE))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("mysql at 127.0.0.1:1/locks: connecting failed")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void schemeSaysWhichDriverIsTriedFirst() {
        assertThat(MysqlDriver.find("mysql")).isEqualTo(MysqlDriver.CONNECTOR_J);
        assertThat(MysqlDriver.find("mariadb")).isEqualTo(MysqlDriver.MARIADB);
    }

    @Test
    void missingDriverIsRefusedWithBothArtifacts() throws Exception {
        try (var empty = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> MysqlDriver.find("mysql", empty, empty))
                    .isInstanceOf(LockConfigException.class)
                    .hasMessageContaining("com.mysql:mysql-connector-j")
                    .hasMessageContaining("org.mariadb.jdbc:mariadb-java-client");
        }
    }

    @Test
    void onlyDriverThatIsThereIsTakenWhateverTheScheme() throws Exception {
        URL jar = Class.forName("org.mariadb.jdbc.Driver")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
        try (var one = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
            assertThat(MysqlDriver.find("mysql", one, null)).isEqualTo(MysqlDriver.MARIADB);
        }
    }
}
