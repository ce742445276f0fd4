// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.interlock.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

/** The connection behind the wake-ups: what is written on it, by whom, and what happens when that fails. */
@Timeout(60)
class SubscriptionsTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String CHANNEL = TestRedis.key("a") + ":free";

    @Test
    void writerThatIsStuckDelaysNobody() throws Exception {
        var proxy = redis.proxy();
        var wakeUps = wakeUps(TestStores.own(proxy.port()), Duration.ofSeconds(30), NEVER);
        var first = subscribed(wakeUps);
        writerGetsStuck(wakeUps, proxy);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            wakeUps.subscribe("other", () -> {}).close();
            first.close();
            wakeUps.close();
        });
    }

    @Test
    void connectionWhoseWriterIsStuckIsReplaced() throws Exception {
        var proxy = redis.proxy();
        // longer than it takes to encode the name: what is cut before it begins to send connects anew
        var wakeUps = wakeUps(TestStores.own(proxy.port()), Duration.ofSeconds(2), NEVER);
        var woken = new AtomicInteger();
        wakeUps.subscribe(CHANNEL, woken::incrementAndGet);
        await().until(() -> woken.get() == 1);
        writerGetsStuck(wakeUps, proxy);
        await().atMost(Duration.ofSeconds(40)).until(() -> woken.get() >= 2);
    }

    /** No heartbeat helps here: the subscription itself is what is not answered. */
    @Test
    void firstWaiterAfterAnIdleTimeDoesNotRelyOnADeadConnection() throws Exception {
        var proxy = redis.proxy();
        var wakeUps = wakeUps(TestStores.own(proxy.port()), SHORT, NEVER);
        subscribed(wakeUps).close();
        await().until(() -> redis.channels().isEmpty());
        proxy.goSilent();
        subscribed(wakeUps);
    }

    @Test
    void channelThatIsLeftAndJoinedAgainIsSubscribed() throws Exception {
        var wakeUps = wakeUps(TestStores.own(redis.server().port()), SHORT, NEVER);
        subscribed(wakeUps).close();
        for (int i = 0; i < 200; i++) {
            var woken = new AtomicInteger();
            wakeUps.subscribe(CHANNEL, () -> {}).close();
            try (var last = wakeUps.subscribe(CHANNEL, woken::incrementAndGet)) {
                await().pollInterval(Duration.ofMillis(1)).until(() -> woken.get() > 0);
                assertThat(last).isNotNull();
            }
        }
        var woken = new AtomicInteger();
        wakeUps.subscribe(CHANNEL, woken::incrementAndGet);
        await().until(() -> redis.channels().contains(CHANNEL));
        int before = woken.get();
        redis.shell().publish(CHANNEL, "1");
        await().until(() -> woken.get() > before);
    }

    @Test
    void connectionOutlivesTheReadTimeoutOfTheApplicationsClient() {
        var config = DefaultJedisClientConfig.builder()
                .blockingSocketTimeoutMillis(100)
                .build();
        var application = redis.keep(RedisClient.builder()
                .hostAndPort(redis.server().host(), redis.server().port())
                .clientConfig(config)
                .build());
        var store = new RedisStore(
                application.getPool(), PoolOwner.APPLICATION, new RedisErrors("the application", Optional.empty()));
        var woken = new AtomicInteger();
        wakeUps(store, SHORT, NEVER).subscribe(CHANNEL, woken::incrementAndGet);
        await().until(() -> woken.get() == 1);
        await().during(Duration.ofSeconds(1)).until(() -> woken.get() == 1);
    }

    /** The connection can be made each time, and so looks fine, until the channel is asked for. */
    @Test
    void refusedChannelIsWarnedOfAndBacksOff() {
        redis.command("ACL", "SETUSER", "deaf", "reset", "on", ">pw", "~*", "+@all", "&interlock:alive");
        try (var log = new Log(SubscriberThread.class)) {
            var store = TestStores.own(redis.server().port(), "user=deaf", "password=pw");
            wakeUps(store, SHORT, NEVER).subscribe(CHANNEL, () -> {});
            await().until(() -> log.at(Level.WARN).size() == 1);
            assertThat(log.at(Level.WARN)).singleElement().satisfies(warning -> {
                assertThat(warning.getFormattedMessage()).contains("no subscriber connection", "NOPERM");
                assertThat(warning.getThrowableProxy()).isNull();
            });
        } finally {
            redis.command("ACL", "DELUSER", "deaf");
        }
    }

    @Test
    void wakeUpThatFailsInAnyWayStopsNoOther() throws Exception {
        var wakeUps = wakeUps(TestStores.own(redis.server().port()), SHORT, NEVER);
        var failed = new AtomicInteger();
        wakeUps.subscribe(CHANNEL, () -> {
            failed.incrementAndGet();
            throw new AssertionError("not an Exception");
        });
        await().until(() -> failed.get() == 1);
        subscribed(wakeUps, "other");
    }

    @Test
    void threadThatWasInterruptedIsReplacedForTheNextWaiter() throws Exception {
        var wakeUps = wakeUps(TestStores.own(redis.server().port()), SHORT, NEVER);
        var threads = new CopyOnWriteArrayList<Thread>();
        var one = wakeUps.subscribe(CHANNEL, () -> threads.add(Thread.currentThread()));
        await().until(() -> threads.size() == 1);
        one.close();
        await().until(() -> redis.channels().isEmpty());
        threads.get(0).interrupt();
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        threads.get(0).join();
        subscribed(wakeUps);
    }

    private static WakeUps wakeUps(RedisStore store, Duration callTimeout, Duration pingEvery) {
        redis.keep(store);
        return redis.keep(new WakeUps(store.serverOf(CHANNEL), redis.keep(new TestContext()), callTimeout, pingEvery));
    }

    private static Registration subscribed(WakeUps wakeUps) {
        return subscribed(wakeUps, CHANNEL);
    }

    private static Registration subscribed(WakeUps wakeUps, String channel) {
        var woken = new AtomicInteger();
        var registration = wakeUps.subscribe(channel, woken::incrementAndGet);
        await().until(() -> woken.get() > 0);
        return registration;
    }

    /** The name of the channel is larger than all buffers on the way, and the other end reads no more. */
    private static void writerGetsStuck(WakeUps wakeUps, FaultProxy proxy) throws InterruptedException {
        String name = "stuck" + "k".repeat(32 << 20);
        proxy.hold("stuck");
        var waiting = CompletableFuture.supplyAsync(() -> wakeUps.subscribe(name, () -> {}));
        proxy.awaitHeld();
        waiting.thenAccept(Registration::close);
    }

    private static final class Log implements AutoCloseable {
        private final Logger logger;
        private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

        Log(Class<?> source) {
            logger = (Logger) LoggerFactory.getLogger(source);
            appender.list = new CopyOnWriteArrayList<>();
            appender.start();
            logger.addAppender(appender);
        }

        List<ILoggingEvent> at(Level level) {
            return appender.list.stream()
                    .filter(event -> event.getLevel() == level)
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(appender);
        }
    }
}
