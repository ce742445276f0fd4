// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The simulation's node answers as a real server does; with fences ahead of the clock, so that tokens can be told. */
class SimulatedNodeTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final Duration LEASE = Duration.ofHours(1);
    private static final long AHEAD = 9_007_199_254_000_000L;

    @RepeatedTest(5)
    void modelAnswersAsTheScriptsDo() throws InterruptedException {
        var random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        redis.shell().set(TestRedis.key("a") + ":fence", Long.toString(AHEAD));
        var model = new SimulatedNode(RedlockPlant.NONE, Duration.ofDays(1).toNanos() / 1000);
        model.setFence(AHEAD);
        var store = TestStores.own(redis.server().port());
        List<String> steps = new ArrayList<>();
        try (var real = new RedlockNode(0, store, RedisOptions.defaults(), Duration.ZERO, 1)) {
            for (int i = 0; i < 300; i++) {
                step(random, real, model, steps);
                assertThat(redis.shell().get(TestRedis.key("a") + ":fence"))
                        .as("fence after %s, seed %s", steps, seed)
                        .isEqualTo(Long.toString(model.fence().orElseThrow()));
                assertThat(redis.shell().hget(TestRedis.key("a"), "owner"))
                        .as("owner after %s, seed %s", steps, seed)
                        .isEqualTo(model.owner().map(OwnerId::toString).orElse(null));
            }
        }
    }

    private static void step(Random random, RedlockNode real, SimulatedNode model, List<String> steps)
            throws InterruptedException {
        var owner = new OwnerId(0, random.nextInt(6));
        var request = new LockRequest("a", LEASE, false, 1 + random.nextInt(3), Spi.holder(), Spi.CALL_TIMEOUT);
        long candidate = model.fence().orElseThrow() - random.nextInt(3);
        long token = candidate + random.nextInt(3);
        int what = random.nextInt(6);
        steps.add(what + " of " + owner.low());
        Object said = switch (what) {
            case 0, 1 ->
                real.vote(request, owner, Spi.CALL_TIMEOUT) instanceof RedlockVote.Granted granted
                        ? OptionalLong.of(granted.candidate())
                        : OptionalLong.empty();
            case 2 -> real.confirm(request, owner, candidate, token, Spi.CALL_TIMEOUT);
            case 3 -> real.renew(request, owner, LEASE, Spi.CALL_TIMEOUT);
            case 4 -> real.release(request, owner, Spi.CALL_TIMEOUT).toString();
            default -> real.undo(request, owner, Spi.CALL_TIMEOUT).toString();
        };
        assertThat(ofModel(what, model, owner, request, candidate, token))
                .as("answer to the last of %s", steps)
                .isEqualTo(said);
    }

    private static Object ofModel(
            int what, SimulatedNode model, OwnerId owner, LockRequest request, long candidate, long token) {
        return switch (what) {
            case 0, 1 -> model.acquire(owner, LEASE, request.tokens());
            case 2 -> model.confirm(owner, candidate, token, token + request.tokens() - 1);
            case 3 -> model.renew(owner, LEASE);
            case 4 -> model.release(owner) ? "RELEASED" : "NOT_HELD";
            default -> {
                model.undo(owner, LEASE);
                yield "RELEASED";
            }
        };
    }
}
