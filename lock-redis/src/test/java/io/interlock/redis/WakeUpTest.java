// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static io.interlock.redis.Spi.attempt;
import static io.interlock.redis.Spi.grant;
import static io.interlock.redis.Spi.granted;
import static io.interlock.redis.Spi.newOwner;
import static io.interlock.redis.Spi.refused;
import static io.interlock.redis.Spi.request;
import static io.interlock.redis.Spi.waitingRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The re-check is far away in all of these: only a message, or what stands in for a lost one, serves a waiter in time. */
@Timeout(60)
class WakeUpTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final String RECHECK = "recheck=1h";
    private static final String CHANNEL = TestRedis.key("a") + ":free";

    @Test
    void releaseWakesAWaiterOfAnotherClient() throws Exception {
        var held = redis.client(RECHECK).lock("a").acquire();
        var waiter = waiter(redis.client(RECHECK).lock("a"));
        await().until(() -> redis.channels().contains(CHANNEL));
        held.close();
        assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    @Test
    void forceReleaseWakesAWaiter() throws Exception {
        var client = redis.client(RECHECK);
        var held = client.lock("a").acquire();
        var waiter = waiter(redis.client(RECHECK).lock("a"));
        await().until(() -> redis.channels().contains(CHANNEL));
        client.forceRelease("a", held.fencingToken());
        assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    @Test
    void undoWakesAWaiter() throws Exception {
        var backend = redis.backend();
        var owner = newOwner();
        granted(attempt(backend, request("a"), owner));
        var waiter = waiter(redis.client(RECHECK).lock("a"));
        await().until(() -> redis.channels().contains(CHANNEL));
        backend.undo(request("a"), owner);
        assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
    }

    /** The release is published between the waiter's refusal and its subscription. */
    @Test
    void releaseBeforeTheSubscriptionIsNotLost() throws Exception {
        var proxy = redis.proxy();
        var holder = grant(redis.backend(), request("a"));
        var woken = new AtomicInteger();
        try (var contender = contender(redis.backendAt(proxy.port(), RECHECK), woken)) {
            proxy.hold("SUBSCRIBE");
            refused(contender.attempt(newOwner()));
            proxy.awaitHeld();
            holder.release();
            proxy.release();
            await().until(() -> woken.get() > 0);
            granted(contender.attempt(newOwner()));
        }
    }

    @Test
    void waiterThatJoinsALiveChannelIsWokenAtOnce() throws Exception {
        var backend = redis.backend(RECHECK);
        grant(backend, request("a"));
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        try (var one = contender(backend, first);
                var two = contender(backend, second)) {
            refused(one.attempt(newOwner()));
            await().until(() -> first.get() == 1);
            refused(two.attempt(newOwner()));
            assertThat(second).hasValue(1);
        }
    }

    @Test
    @Tag("R.05")
    void waiterIsServedByMessageAfterItsSubscriptionWasKilled() throws Exception {
        var held = redis.client(RECHECK).lock("a").acquire();
        var woken = new AtomicInteger();
        try (var contender = contender(redis.backend(RECHECK), woken)) {
            refused(contender.attempt(newOwner()));
            await().until(() -> woken.get() == 1);
            redis.command("CLIENT", "KILL", "TYPE", "pubsub");
            // the new connection's confirmation wakes, because a message may have been missed
            await().until(() -> woken.get() == 2);
            held.close();
            await().until(() -> woken.get() == 3);
            granted(contender.attempt(newOwner()));
        }
    }

    @Test
    void waiterIsServedAfterARestartOfTheServer() throws Exception {
        var woken = new AtomicInteger();
        grant(redis.backend(), request("a"));
        try (var contender = contender(redis.backend(RECHECK), woken)) {
            refused(contender.attempt(newOwner()));
            await().until(() -> woken.get() == 1);
            redis.server().kill();
            redis.server().restart();
            await().until(() -> woken.get() == 2);
        }
    }

    @Test
    void silentConnectionIsReplaced() throws Exception {
        var proxy = redis.proxy();
        grant(redis.backend(), request("a"));
        var context = redis.keep(new TestContext());
        var store = redis.keep(TestStores.own(proxy.port()));
        var woken = new AtomicInteger();
        var wakeUps =
                redis.keep(new WakeUps(store.serverOf("any"), context, Duration.ofMillis(200), Duration.ofMillis(200)));
        wakeUps.subscribe(CHANNEL, woken::incrementAndGet);
        await().until(() -> woken.get() == 1);
        proxy.goSilent();
        await().until(() -> woken.get() == 2);
    }

    @Test
    void connectionThatAnswersIsKept() throws Exception {
        var context = redis.keep(new TestContext());
        var store = redis.keep(TestStores.own(redis.server().port()));
        var woken = new AtomicInteger();
        var wakeUps =
                redis.keep(new WakeUps(store.serverOf("any"), context, Duration.ofSeconds(5), Duration.ofMillis(20)));
        wakeUps.subscribe(CHANNEL, woken::incrementAndGet);
        await().until(() -> woken.get() == 1);
        redis.resetCommandCounts();
        await().until(() -> redis.commandCounts().getOrDefault("subscribe", 0) >= 30);
        assertThat(woken).hasValue(1);
    }

    @Test
    void tryAcquireSubscribesToNothing() throws Exception {
        var client = redis.client(RECHECK);
        client.lock("a").acquire();
        redis.resetCommandCounts();
        assertThat(client.lock("a").tryAcquire()).isEmpty();
        assertThat(redis.commandCounts()).containsKey("evalsha").doesNotContainKey("subscribe");
        assertThat(subscriberThreads()).isZero();
    }

    @Test
    void lastWaiterTakesTheSubscriptionAlong() throws Exception {
        var backend = redis.backend(RECHECK);
        grant(backend, request("a"));
        var woken = new AtomicInteger();
        try (var one = contender(backend, woken)) {
            try (var two = contender(backend, woken)) {
                refused(one.attempt(newOwner()));
                refused(two.attempt(newOwner()));
                await().until(() -> redis.channels().contains(CHANNEL));
            }
            redis.command("PING");
            assertThat(redis.channels()).containsExactly(CHANNEL);
        }
        await().until(() -> redis.channels().isEmpty());
    }

    @Test
    void manyWaitersShareOneConnection() throws Exception {
        var backend = redis.backend(RECHECK);
        var woken = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            grant(backend, request("lock" + i));
            var contender = redis.keep(backend.contend(waitingRequest("lock" + i), woken::incrementAndGet));
            refused(contender.attempt(newOwner()));
        }
        await().until(() -> redis.channels().size() == 20);
        String subscribers = Replies.text(redis.command("CLIENT", "LIST", "TYPE", "pubsub"));
        assertThat(subscribers).hasLineCount(1);
        assertThat(subscriberThreads()).isEqualTo(1);
    }

    @Test
    void closingTheBackendEndsItsThreadAndConnection() throws Exception {
        var backend = redis.backend(RECHECK);
        grant(redis.backend(), request("a"));
        var woken = new AtomicInteger();
        try (var contender = contender(backend, woken)) {
            refused(contender.attempt(newOwner()));
            await().until(() -> woken.get() == 1);
            backend.close();
        }
        assertThat(subscriberThreads()).isZero();
        await().until(() -> redis.channels().isEmpty());
    }

    @Test
    @Tag("R.05")
    void waiterRechecksNoLaterThanTheHoldersExpiry() throws Exception {
        var backend = redis.backend(RECHECK);
        grant(backend, request("a", Duration.ofSeconds(5)));
        try (var contender = contender(backend, new AtomicInteger())) {
            var refused = refused(contender.attempt(newOwner()));
            assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(5_020));
        }
    }

    @Test
    void waiterRechecksNoLaterThanTheOptionSays() throws Exception {
        var backend = redis.backend("recheck=3s");
        grant(backend, request("a"));
        try (var contender = contender(backend, new AtomicInteger())) {
            assertThat(refused(contender.attempt(newOwner())).retryAfter()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    @Tag("R.05")
    void r05_lostMessageCostsOneRecheck() throws Exception {
        var held = redis.client().lock("a").acquire();
        var waiter = waiter(redis.client("recheck=300ms").lock("a"));
        await().until(() -> redis.channels().contains(CHANNEL));
        // as if released by somebody who may not publish
        redis.shell().del(TestRedis.key("a"));
        assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
        held.close();
    }

    private static Contender contender(LockBackend backend, AtomicInteger woken) {
        return backend.contend(waitingRequest("a"), woken::incrementAndGet);
    }

    private static CompletableFuture<Lease> waiter(DistributedLock lock) {
        return lock.acquireAsync(Duration.ofSeconds(30));
    }

    private static long subscriberThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("interlock-redis"))
                .count();
    }
}
