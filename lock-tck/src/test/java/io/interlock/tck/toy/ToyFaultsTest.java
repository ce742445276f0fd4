// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.interlock.Lease;
import io.interlock.LeaseState;
import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.RenewalMode;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.StoreInspector;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fault of the toy shows, and what is right without it is right: both in the same scenario. */
class ToyFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration AT_ONCE = Duration.ofSeconds(4);

    /** What is to be seen of a backend; true if it is right. */
    private interface Scenario {
        boolean isRight(World world) throws Exception;
    }

    /** A store, a client over a link, and another straight to the store. */
    private static final class World implements AutoCloseable {
        private final ToyTckBackend backend;
        private final StoreInspector store;
        private final Link link;
        private final LockClient ours;
        private final LockClient others;

        World(ToyFault fault) {
            backend = new ToyTckBackend(fault);
            store = backend.store().orElseThrow();
            link = backend.network().orElseThrow().newLink();
            ours = backend.newClient(ClientSpec.through(link).with("callTimeout", "300ms"));
            others = backend.newClient(ClientSpec.direct());
        }

        /** Ours give up soon; this one does not while a test looks. */
        LockClient patientClient() {
            return backend.newClient(ClientSpec.through(link).with("callTimeout", "9s"));
        }

        boolean isHeld() {
            return store.timeToLive("a").isPresent();
        }

        /** Frees the lock behind everybody's back, if need be, and takes it for the others. */
        Lease takeForOthers() {
            store.expire("a");
            return others.lock("a").tryAcquire().orElseThrow();
        }

        @Override
        public void close() {
            link.close();
            ours.close();
            others.close();
            backend.close();
        }
    }

    @ParameterizedTest
    @EnumSource(value = ToyFault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void faultShowsAndWithoutItAllIsRight(ToyFault fault) throws Exception {
        try (var right = new World(ToyFault.NONE);
                var broken = new World(fault)) {
            assertThat(scenario(fault).isRight(right)).as("right").isTrue();
            assertThat(scenario(fault).isRight(broken)).as("broken").isFalse();
        }
    }

    @Test
    void everyFaultHasAnIdOfItsOwn() {
        assertThat(Stream.of(ToyFault.values()).map(fault -> {
                    try (var backend = new ToyTckBackend(fault)) {
                        return backend.id();
                    }
                }))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("toy[a-z-]*"));
    }

    private static Scenario scenario(ToyFault fault) {
        return switch (fault) {
            case RELEASE_IN_TWO_STEPS -> ToyFaultsTest::lateReleaseLeavesTheNextOwnerAlone;
            case RENEWAL_IN_TWO_STEPS -> ToyFaultsTest::lateRenewalLeavesTheNextOwnerAlone;
            case ACQUIRE_IN_TWO_STEPS -> ToyFaultsTest::clientThatDiesInAnAcquireLeavesNothing;
            case NO_UNDO -> ToyFaultsTest::attemptWhoseReplyIsLostIsUndone;
            case BLIND_SECOND_RELEASE -> ToyFaultsTest::releaseWhoseReplyIsLostLeavesTheNextOwnerAlone;
            case ADOPTS_OLD_ENTRY -> ToyFaultsTest::heldIsRefusedAfterAReset;
            case NO_LOOK_AFTER_SUBSCRIBING -> ToyFaultsTest::releaseBeforeTheSubscriptionIsNotMissed;
            case WAITER_DIES_WITH_CONNECTION -> ToyFaultsTest::waiterSurvivesAReset;
            case VALIDITY_FROM_REPLY -> ToyFaultsTest::validityCountsFromTheRequest;
            case SPENT_LEASE_GRANTED -> ToyFaultsTest::lateAnswerIsNoGrant;
            case FAILED_RENEWAL_IS_LOSS, UNANSWERED_CALLED_EXPIRED -> ToyFaultsTest::oneFailedRenewalIsNoLoss;
            case RENEWALS_ONE_AT_A_TIME -> ToyFaultsTest::renewalThatHangsHoldsNobodyUp;
            case RENEWALS_CAUGHT_UP -> ToyFaultsTest::nothingIsCaughtUp;
            case HELD_UNTIL_STORE_DENIES -> ToyFaultsTest::holderStopsBeforeAnotherBegins;
            case RELEASE_LEFT_TO_THE_STORE -> ToyFaultsTest::releaseAfterAResetReleases;
            case NO_CALL_TIMEOUT -> ToyFaultsTest::callsEndInTime;
            case BLIND_UNDO -> ToyFaultsTest::undoLeavesTheNextOwnerAlone;
            case NONE -> throw new IllegalArgumentException("nothing is broken");
        };
    }

    private static boolean lateReleaseLeavesTheNextOwnerAlone(World world) throws Exception {
        Lease lease = world.ours.lock("a").acquire();
        var held = world.link.hold(kind(Command.Kind.RELEASE));
        var release = CompletableFuture.runAsync(lease::close);
        assertThat(held.awaitHappened(SOON)).isTrue();
        release.get();
        await().until(() -> !world.isHeld()); // undone
        world.takeForOthers();
        held.letGo();
        return stays(world::isHeld);
    }

    private static boolean renewalThatHangsHoldsNobodyUp(World world) throws Exception {
        try (LockClient patient = world.patientClient()) {
            Lease first = patient.lock("a").acquire();
            Lease second = patient.lock("b").acquire();
            var held = world.link.hold(kind(Command.Kind.RENEW));
            var hangs = CompletableFuture.runAsync(() -> first.renew(Duration.ofSeconds(30)));
            assertThat(held.awaitHappened(SOON)).isTrue();
            var free = CompletableFuture.runAsync(() -> second.renew(Duration.ofSeconds(30)));
            boolean right = comes(free::isDone, AT_ONCE);
            held.letGo();
            assertThat(CompletableFuture.allOf(hangs, free)).succeedsWithin(SOON);
            return right;
        }
    }

    private static boolean nothingIsCaughtUp(World world) throws Exception {
        Lease lease = world.ours.lock("a").acquire();
        var held = world.link.hold(kind(Command.Kind.RENEW));
        var fails = CompletableFuture.supplyAsync(() -> lease.renew(Duration.ofSeconds(5)));
        assertThat(held.awaitHappened(SOON)).isTrue();
        held.drop();
        assertThat(fails).failsWithin(SOON);
        long before = world.link.commandCount();
        lease.renew(Duration.ofSeconds(5));
        return world.link.commandCount() - before < 5;
    }

    private static boolean lateRenewalLeavesTheNextOwnerAlone(World world) throws Exception {
        Lease lease = world.ours.lock("a").acquire();
        var held = world.link.hold(kind(Command.Kind.RENEW));
        var renewal = CompletableFuture.supplyAsync(() -> lease.renew(Duration.ofSeconds(5)));
        assertThat(held.awaitHappened(SOON)).isTrue();
        assertThat(renewal).failsWithin(SOON);
        world.takeForOthers();
        held.letGo();
        return stays(() -> world.store.timeToLive("a").orElseThrow().compareTo(Duration.ofSeconds(20)) > 0);
    }

    private static boolean clientThatDiesInAnAcquireLeavesNothing(World world) throws Exception {
        var cut = world.link.cutAfter(1);
        var lease = options(Duration.ofMillis(300));
        assertThat(CompletableFuture.supplyAsync(
                        () -> world.ours.lock("a", lease).tryAcquire()))
                .failsWithin(SOON);
        assertThat(cut.awaitHappened(SOON)).isTrue();
        world.ours.close();
        return comes(() -> !world.isHeld(), AT_ONCE);
    }

    private static boolean attemptWhoseReplyIsLostIsUndone(World world) throws Exception {
        var lost = world.link.loseReply(kind(Command.Kind.ACQUIRE));
        assertThat(CompletableFuture.supplyAsync(() -> world.ours.lock("a").tryAcquire()))
                .failsWithin(SOON);
        assertThat(lost.awaitHappened(SOON)).isTrue();
        return comes(() -> !world.isHeld(), AT_ONCE);
    }

    private static boolean releaseWhoseReplyIsLostLeavesTheNextOwnerAlone(World world) throws Exception {
        Lease lease = world.ours.lock("a").acquire();
        var lost = world.link.loseReply(kind(Command.Kind.RELEASE));
        var release = CompletableFuture.runAsync(lease::close);
        assertThat(lost.awaitHappened(SOON)).isTrue();
        assertThat(world.others.lock("a").tryAcquire()).isPresent();
        release.get();
        return world.isHeld();
    }

    private static boolean heldIsRefusedAfterAReset(World world) throws Exception {
        world.ours.lock("a").acquire();
        world.link.reset();
        return world.ours.lock("a").tryAcquire().isEmpty();
    }

    private static boolean releaseBeforeTheSubscriptionIsNotMissed(World world) throws Exception {
        Lease lease = world.others.lock("a").acquire();
        var held = world.link.hold(kind(Command.Kind.WATCH));
        var next = world.ours.lock("a").acquireAsync();
        assertThat(held.awaitHappened(SOON)).isTrue();
        lease.close();
        held.letGo();
        return comes(next::isDone, AT_ONCE);
    }

    private static boolean waiterSurvivesAReset(World world) throws Exception {
        Lease lease = world.others.lock("a").acquire();
        var next = world.ours.lock("a").acquireAsync();
        await().until(() -> world.store.subscriptions() == 1);
        world.link.reset();
        lease.close();
        return comes(next::isDone, ToyContender.RECHECK.plus(AT_ONCE));
    }

    private static boolean validityCountsFromTheRequest(World world) throws Exception {
        var lease = Duration.ofSeconds(27);
        try (LockClient patient = world.patientClient()) {
            assertThat(patient.lock("b").tryAcquire()).isPresent(); // connects
            world.link.delay(Duration.ofMillis(400), Duration.ofMillis(400));
            Lease granted = patient.lock("a", options(lease)).acquire();
            Duration left = granted.remaining();
            world.link.heal();
            return left.compareTo(lease.minusMillis(800)) <= 0;
        }
    }

    private static boolean lateAnswerIsNoGrant(World world) {
        assertThat(world.ours.lock("b").tryAcquire()).isPresent(); // connects
        world.link.delay(Duration.ofMillis(200), Duration.ofMillis(200));
        try {
            return world.ours
                    .lock("a", options(Duration.ofMillis(300)))
                    .tryAcquire()
                    .isEmpty();
        } catch (LockBackendException tooLate) {
            return true;
        }
    }

    private static boolean oneFailedRenewalIsNoLoss(World world) throws Exception {
        var held = world.link.hold(kind(Command.Kind.RENEW));
        Lease lease = world.ours
                .lock("a", LockOptions.defaults().withLease(Duration.ofMillis(900)))
                .acquire();
        assertThat(held.awaitHappened(SOON)).isTrue();
        held.drop();
        return stays(() -> lease.state() != LeaseState.LOST);
    }

    private static boolean holderStopsBeforeAnotherBegins(World world) throws Exception {
        Lease lease = world.ours
                .lock("a", LockOptions.defaults().withLease(Duration.ofMillis(600)))
                .acquire();
        world.link.blackHole();
        world.others.lock("a").acquire(SOON);
        return !lease.isHeld();
    }

    private static boolean callsEndInTime(World world) throws Exception {
        assertThat(world.ours.lock("b").tryAcquire()).isPresent(); // connects
        world.link.blackHole();
        try {
            CompletableFuture.supplyAsync(() -> world.ours.lock("a").tryAcquire())
                    .get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS);
            return false;
        } catch (ExecutionException failed) {
            return failed.getCause() instanceof LockBackendException;
        } catch (TimeoutException late) {
            return false;
        }
    }

    private static boolean releaseAfterAResetReleases(World world) throws Exception {
        Lease lease = world.ours.lock("a").acquire();
        world.link.reset();
        assertThat(world.ours.lock("b").tryAcquire()).isPresent(); // connects again
        lease.release();
        return !world.isHeld();
    }

    private static boolean undoLeavesTheNextOwnerAlone(World world) throws Exception {
        Lease lease = world.ours.lock("a", options(Duration.ofMillis(600))).acquire();
        world.link.blackHole();
        await().until(() -> !lease.isHeld());
        world.takeForOthers();
        world.link.heal();
        return stays(world::isHeld);
    }

    /** Whether it is so now, and for a while. */
    private static boolean stays(Callable<Boolean> condition) {
        return !comes(() -> !condition.call(), Duration.ofMillis(700));
    }

    private static boolean comes(Callable<Boolean> condition, Duration most) {
        try {
            await().pollInterval(Duration.ofMillis(20)).atMost(most).until(condition);
            return true;
        } catch (ConditionTimeoutException never) {
            return false;
        }
    }

    private static LockOptions options(Duration lease) {
        return LockOptions.defaults().withLease(lease).withRenewal(RenewalMode.NONE);
    }

    private static Predicate<Command> kind(Command.Kind kind) {
        return command -> command.is(kind);
    }
}
