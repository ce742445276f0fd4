// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SecretsTest {
    @Test
    void secretsAreMasked() {
        assertThat(Secrets.masked("at redis://u:p@h:1/0?password=x&lease=5s or redis://h"))
                .isEqualTo("at redis://***@h:1/0?password=***&lease=5s or redis://h");
    }

    @Test
    void valuesOfAllSecretKeysAreMasked() {
        assertThat(
                        Secrets.masked(
                                "redis://h?tlsTruststorePassword=a/b&lease=5s&clientSECRET=b@c&authToken=c&tokens=4 password=x"))
                .isEqualTo("redis://h?tlsTruststorePassword=***&lease=5s&clientSECRET=***&authToken=***&tokens=4"
                        + " password=x");
    }

    @Test
    void userInfoIsMaskedEvenWhereItIsNotEncodedAsItShouldBe() {
        assertThat(Secrets.masked("redis://u:a/b?c@h:1/0?lease=5s and u:p@h:1"))
                .isEqualTo("redis://***@h:1/0?lease=5s and u:***@h:1");
    }
}
