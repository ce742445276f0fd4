// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.interlock.LockConfig;
import io.interlock.LockOptions;
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/** An engine on a manual clock whose pools are the calling thread, so that one thread sees everything happen in order. */
final class EngineFixture {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final LockOptions OPTIONS = LockOptions.defaults().withLease(LEASE);

    static {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(1));
    }

    final ManualTime time = new ManualTime();
    final Random random = new Random(7);
    final EngineClient client;

    EngineFixture(LockBackend backend) {
        this(backend, Runnable::run);
    }

    EngineFixture(LockBackend backend, Executor pool) {
        var pools = new Pools(pool, pool, pool, pool, pool, () -> {});
        var runtime = new EngineRuntime(time, pools, random, random);
        client = LockEngine.start(() -> backend, LockConfig.builder().build(), runtime);
    }

    /** Runs a blocking call on a thread of its own. */
    static <T> Call<T> inThread(Body<T> body) {
        var call = new Call<T>();
        var thread = new Thread(() -> {
            try {
                call.result.complete(body.run());
            } catch (Throwable failed) {
                call.interruptedAfter.set(Thread.currentThread().isInterrupted());
                call.result.completeExceptionally(failed);
            }
            call.interruptedAfter.set(Thread.currentThread().isInterrupted());
        });
        thread.setDaemon(true);
        call.thread = thread;
        thread.start();
        return call;
    }

    /** Waits until this many threads are parked in the engine. */
    void awaitParked(int threads) {
        await().until(() -> time.parked() == threads);
    }

    interface Body<T> {
        T run() throws Exception;
    }

    static final class Call<T> {
        final CompletableFuture<T> result = new CompletableFuture<>();
        final AtomicReference<Boolean> interruptedAfter = new AtomicReference<>();
        Thread thread;

        T get() throws Exception {
            thread.join(10_000);
            return result.get(10, java.util.concurrent.TimeUnit.SECONDS);
        }

        Throwable failure() throws Exception {
            thread.join(10_000);
            return result.handle((ok, failed) -> failed).get();
        }
    }

    /** Runs with the engine's log caught instead of printed. */
    static List<String> silenced(Runnable body) {
        var logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.interlock");
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(ch.qos.logback.classic.Level.WARN);
        logger.setAdditive(false);
        try {
            body.run();
        } finally {
            logger.detachAppender(appender);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
