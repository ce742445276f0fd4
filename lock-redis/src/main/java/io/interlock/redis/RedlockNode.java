// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of the independent servers, with threads of its own: one that hangs keeps its own threads and nobody else's.
 * Thread-safe. Threads end when idle.
 */
final class RedlockNode implements AutoCloseable {
    private static final long GRANTED = 1;
    private static final long TOO_YOUNG = -2;
    private static final int IDLE_SECONDS = 5;

    private final int index;
    private final RedisStore store;
    private final RedisOptions options;
    private final Duration restartDelay;
    private final LuaProtocol locks;
    private final ThreadPoolExecutor threads;

    /** A node; {@code calls} is how many may be under way at once. */
    RedlockNode(int index, RedisStore store, RedisOptions options, Duration restartDelay, int calls) {
        this.index = index;
        this.store = store;
        this.options = options;
        this.restartDelay = restartDelay;
        this.locks = new LuaProtocol(store, options);
        threads = new ThreadPoolExecutor(
                calls, calls, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    var thread = new Thread(task, "interlock-redlock-node-" + (index + 1));
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        store.start(threads);
    }

    /** A question to the node, which must end within the time. */
    interface Question<A> {
        A ask(RedlockNode node, Duration timeout) throws InterruptedException;
    }

    /** Whom the answer is for. Called once, on a thread of the node's; must not block. */
    interface Listener<A> {
        void answered(A answer);

        void failed(LockBackendException reason);
    }

    int index() {
        return index;
    }

    String address() {
        return store.errors().address();
    }

    /** Asks in the background. What waits for a thread longer than the answer may take is not sent any more. */
    <A> void ask(Duration timeout, Question<A> question, Listener<A> listener) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            threads.execute(() -> answer(end, question, listener));
        } catch (RejectedExecutionException e) {
            listener.failed(new LockBackendException("redis at " + address() + ": closed", e, false));
        }
    }

    private <A> void answer(long end, Question<A> question, Listener<A> listener) {
        A answer;
        try {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new LockBackendException("redis at " + address() + ": too many calls wait for it", null, false);
            }
            answer = question.ask(this, Duration.ofNanos(left));
        } catch (LockBackendException e) {
            listener.failed(e);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listener.failed(new LockBackendException("redis at " + address() + ": interrupted", e, true));
            return;
        } catch (RuntimeException e) {
            listener.failed(new LockBackendException("redis at " + address() + ": " + e, e, true));
            return;
        }
        listener.answered(answer);
    }

    /** The first round. */
    RedlockVote vote(LockRequest request, OwnerId owner, Duration timeout) throws InterruptedException {
        LockKeys keys = keys(request.name());
        var call = StoreCall.begin("acquire of lock '" + request.name() + "'", timeout);
        List<?> reply = Replies.list(store.eval(
                call,
                Script.REDLOCK_ACQUIRE,
                List.of(keys.lock(), keys.fence(), keys.undone(owner)),
                List.of(
                        owner.toString(),
                        millis(request.lease()),
                        Integer.toString(request.tokens()),
                        HolderEntry.encode(request.holder()),
                        millis(restartDelay))));
        long kind = Replies.number(reply.get(0));
        if (kind == TOO_YOUNG) {
            throw tooYoung(call, Replies.number(reply.get(1)));
        }
        if (kind == GRANTED) {
            String server = String.valueOf(Replies.text(reply.get(2)));
            return new RedlockVote.Granted(server, HolderEntry.token(Replies.text(reply.get(1))));
        }
        return new RedlockVote.Refused(kind < 0 ? Optional.empty() : Optional.of(HolderEntry.decode(reply, 2)));
    }

    private LockBackendException tooYoung(StoreCall call, long upMillis) {
        return new LockBackendException(
                "redis at " + address() + ": " + call.what() + " failed: started only about " + upMillis
                        + " ms ago; its vote counts after the restartDelay of " + restartDelay.toMillis()
                        + " ms, because it may have lost locks that still stand",
                null,
                false);
    }

    /** The second round: whether the node's grant still stands, with the fence now at the end of the token's block. */
    boolean confirm(LockRequest request, OwnerId owner, long candidate, long token, Duration timeout)
            throws InterruptedException {
        LockKeys keys = keys(request.name());
        long end = token + request.tokens() - 1;
        long confirmed = Replies.number(store.eval(
                StoreCall.begin("confirm of lock '" + request.name() + "'", timeout),
                Script.REDLOCK_CONFIRM,
                List.of(keys.lock(), keys.fence()),
                List.of(owner.toString(), Long.toString(candidate), Long.toString(token), Long.toString(end))));
        return confirmed == 1;
    }

    LockProtocol.Renewal renew(LockRequest request, OwnerId owner, Duration lease, Duration timeout)
            throws InterruptedException {
        return locks.renew(within(request, timeout), owner, lease);
    }

    ReleaseOutcome release(LockRequest request, OwnerId owner, Duration timeout) throws InterruptedException {
        return locks.release(within(request, timeout), owner);
    }

    ReleaseOutcome undo(LockRequest request, OwnerId owner, Duration timeout) throws InterruptedException {
        return locks.undo(within(request, timeout), owner);
    }

    Optional<RedlockHolder.Entry> entry(String name, Duration timeout) throws InterruptedException {
        List<?> fields = Replies.list(store.command(
                StoreCall.begin("holder of lock '" + name + "'", timeout),
                Command.of("HMGET", keys(name).lock(), "owner", "holder", "token", "since", "agreed")));
        String owner = Replies.text(fields.get(0));
        return owner == null
                ? Optional.empty()
                : Optional.of(new RedlockHolder.Entry(owner, HolderEntry.decode(fields, 1), fields.get(4) != null));
    }

    boolean forceRelease(String name, long fencingToken) throws InterruptedException {
        return locks.forceRelease(name, fencingToken);
    }

    /** What the server says it is, which no other server says. */
    String server(Duration timeout) throws InterruptedException {
        String info = String.valueOf(
                Replies.text(store.command(StoreCall.begin("connecting", timeout), Command.of("INFO", "server"))));
        return info.lines()
                .filter(line -> line.startsWith("run_id:"))
                .map(line -> line.substring("run_id:".length()))
                .findFirst()
                .orElseThrow(() -> new LockBackendException(
                        "redis at " + address() + ": INFO server has no run_id, by which nodes are told apart",
                        null,
                        false));
    }

    /** What the server tells of itself, and what its clock says. */
    RedlockDiagnosis.Checkup checkup(Duration timeout) throws InterruptedException {
        StoreCall call = StoreCall.begin("diagnosis", timeout);
        String info = String.valueOf(Replies.text(store.command(call, Command.of("INFO"))));
        long asked = System.nanoTime();
        List<?> time = Replies.list(store.command(call, Command.of("TIME")));
        long taken = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - asked);
        long server = TimeUnit.SECONDS.toMicros(number(time.get(0))) + number(time.get(1));
        long ahead = server - TimeUnit.NANOSECONDS.toMicros(asked) - taken / 2;
        return new RedlockDiagnosis.Checkup(ServerInfo.parse(info), ahead, taken);
    }

    private static long number(@Nullable Object text) {
        return Long.parseLong(String.valueOf(Replies.text(text)));
    }

    /** No more calls; those under way go on. */
    void beginClose() {
        threads.shutdown();
    }

    /** Ends the connections, after a while for what is under way, such as the release of a lock at this node. */
    void close(Duration patience) {
        beginClose();
        try {
            if (!threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private LockKeys keys(String name) {
        return LockKeys.of(options.namespace(), name);
    }

    private static LockRequest within(LockRequest request, Duration timeout) {
        return new LockRequest(
                request.name(), request.lease(), request.waiting(), request.tokens(), request.holder(), timeout);
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }
}
