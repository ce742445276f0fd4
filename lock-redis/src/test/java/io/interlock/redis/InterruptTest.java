// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.interlock.spi.LockBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Interrupted while the server is to answer. */
@Timeout(60)
class InterruptTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private final CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    private final CompletableFuture<Boolean> flag = new CompletableFuture<>();

    /** As on a virtual thread, where it is the interrupt itself that breaks the connection. */
    @Test
    void interruptIsNotTakenForAConnectionThatBroke() throws Exception {
        var proxy = redis.proxy();
        var backend = redis.backendAt(proxy.port());
        proxy.hold("EVAL");
        var thread = new Thread(() -> tryToAcquire(backend));
        thread.start();
        proxy.awaitHeld();
        thread.interrupt();
        proxy.cut();
        assertInterrupted();
    }

    @Test
    void interruptOnAVirtualThreadPassesThrough() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "no virtual threads before JDK 21");
        var proxy = redis.proxy();
        var backend = redis.backendAt(proxy.port());
        proxy.hold("EVAL");
        Runnable task = () -> tryToAcquire(backend);
        var thread = (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        proxy.awaitHeld();
        thread.interrupt();
        assertInterrupted();
    }

    private void tryToAcquire(LockBackend backend) {
        Throwable thrown = catchThrowable(() -> attempt(backend, request("a"), newOwner()));
        flag.complete(Thread.currentThread().isInterrupted());
        outcome.complete(thrown);
    }

    private void assertInterrupted() throws Exception {
        assertThat(outcome.get(20, TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("acquire of lock 'a'");
        assertThat(flag.get()).isFalse();
    }
}
