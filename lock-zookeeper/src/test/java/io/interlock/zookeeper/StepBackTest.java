// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.tck.Link;
import io.interlock.tck.NetworkControl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A try that finds somebody before it, who is gone when it goes itself. */
@Timeout(60)
class StepBackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Ground ground = Ground.shared();
    private final Link link = ground.keep(
            NetworkControl.loopback(new JuteWireFormat("/interlock")).newLink());

    @AfterEach
    void close() throws Exception {
        ground.close();
    }

    @Test
    void whoHasBecomeTheFirstTakesTheLockInsteadOfLeaving() throws Exception {
        int port = ground.server().port();
        int end = link.endFor(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .getPort();
        LockClient far = ground.keep(LockClient.open(ground.uri("&session=20s").replace(":" + port, ":" + end)));
        far.lock("job").tryAcquire().orElseThrow().release();
        Link.Held create = link.hold(command -> command.text().startsWith("create"));
        CompletableFuture<Optional<Lease>> tried =
                CompletableFuture.supplyAsync(() -> far.lock("job").tryAcquire());
        assertThat(create.awaitHappened(PATIENCE)).isTrue();
        String before = ground.queue("job", "f".repeat(32));
        Link.Held leaving = link.hold(command -> command.text().startsWith("multi"));
        create.letGo();
        assertThat(leaving.awaitHappened(PATIENCE)).isTrue();
        ground.hand().delete().forPath(before);
        leaving.letGo();

        Lease lease = tried.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).orElseThrow();
        assertThat(lease.isHeld()).isTrue();
        assertThat(ground.line("job")).hasSize(1);
        lease.release();
        assertThat(ground.line("job")).isEmpty();
    }
}
