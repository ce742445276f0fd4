// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.servers.RedisServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class HolderCommandTest {
    @AutoClose
    private final RedisServer redis = RedisServer.start();

    @Test
    void freeLockIsFree() {
        Cli cli = Cli.run("holder", "--uri", redis.uri(), "orders/42");
        assertThat(cli).isEqualTo(new Cli(0, "lock 'orders/42' is free" + System.lineSeparator(), ""));
    }

    @Test
    void uriComesFromStandardInput() {
        Cli cli = Cli.runWithInput(redis.uri() + "\n", "holder", "--uri", "-", "orders/42");
        assertThat(cli).isEqualTo(new Cli(0, "lock 'orders/42' is free" + System.lineSeparator(), ""));
    }

    @Test
    void heldLockNamesItsHolder() throws InterruptedException {
        try (var client = LockClient.open(redis.uri());
                Lease lease = client.lock("orders/42").acquire()) {
            Cli cli = Cli.run("holder", "--uri", redis.uri(), "orders/42");
            assertThat(cli.exitCode()).isZero();
            assertThat(cli.out())
                    .startsWith("lock 'orders/42' is held by pid "
                            + ProcessHandle.current().pid() + " on host ");
            assertThat(lease.isHeld()).isTrue();
        }
    }
}
