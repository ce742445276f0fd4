// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one session, sent without waiting, and carried out and answered in the order in which they are sent.
 * ZooKeeper's own calls and not Curator's, which would repeat a request whose reply was lost: nobody could say then how
 * many nodes a create made. The replies come on ZooKeeper's event thread, where nothing may block. Thread-safe.
 *
 * <p>Each reply is a value, or fails with a {@link KeeperException}.
 */
final class Requests {
    private static final int ANY_VERSION = -1;

    private final ZooKeeper zk;

    Requests(ZooKeeper zk) {
        this.zk = zk;
    }

    /** A node that was made. */
    record Created(String path, Stat stat) {}

    /** What is in a node: all that we write is text. */
    record Content(String data, Stat stat) {}

    CompletableFuture<Created> create(String path, byte[] data, List<ACL> acl, CreateMode mode) {
        var reply = new CompletableFuture<Created>();
        zk.create(
                path,
                data,
                acl,
                mode,
                (rc, asked, context, name, stat) -> answer(reply, rc, asked, () -> new Created(name, stat)),
                null);
        return reply;
    }

    CompletableFuture<List<String>> children(String path) {
        var reply = new CompletableFuture<List<String>>();
        zk.getChildren(
                path,
                false,
                (int rc, String asked, @Nullable Object context, List<String> children, Stat stat) ->
                        answer(reply, rc, asked, () -> children),
                null);
        return reply;
    }

    /** Sets no watch if there is no such node, unlike a question whether it exists. */
    CompletableFuture<Content> content(String path, @Nullable Watcher watcher) {
        var reply = new CompletableFuture<Content>();
        zk.getData(path, watcher, content(reply), null);
        return reply;
    }

    /** What the ensemble says of its members. */
    CompletableFuture<Content> members() {
        var reply = new CompletableFuture<Content>();
        zk.getConfig(false, content(reply), null);
        return reply;
    }

    private static DataCallback content(CompletableFuture<Content> reply) {
        return (int rc, String asked, @Nullable Object context, byte @Nullable [] data, Stat stat) -> answer(
                reply,
                rc,
                asked,
                () -> new Content(data == null ? "" : new String(data, StandardCharsets.UTF_8), stat));
    }

    CompletableFuture<Stat> stat(String path) {
        var reply = new CompletableFuture<Stat>();
        zk.exists(path, false, (rc, asked, context, stat) -> answer(reply, rc, asked, () -> stat), null);
        return reply;
    }

    /** Answered when the server that we talk to has seen all that the leader had seen when it was asked. */
    CompletableFuture<Boolean> sync(String path) {
        var reply = new CompletableFuture<Boolean>();
        zk.sync(path, done(reply), null);
        return reply;
    }

    CompletableFuture<Boolean> delete(String path) {
        var reply = new CompletableFuture<Boolean>();
        zk.delete(path, ANY_VERSION, done(reply), null);
        return reply;
    }

    /** All or nothing; fails with what the first operation that did not succeed said. */
    CompletableFuture<List<OpResult>> all(Op... operations) {
        var reply = new CompletableFuture<List<OpResult>>();
        zk.multi(List.of(operations), (rc, asked, context, results) -> answer(reply, rc, asked, () -> results), null);
        return reply;
    }

    /**
     * Removes this session's watches on the data of a node, here and at the server; that there are none is fine. All of
     * them, because the removal of a single one stays within the client, and the server would keep its own.
     */
    void unwatch(String path) {
        zk.removeAllWatches(path, WatcherType.Data, true, (rc, asked, context) -> {}, null);
    }

    private static VoidCallback done(CompletableFuture<Boolean> reply) {
        return (rc, asked, context) -> answer(reply, rc, asked, () -> true);
    }

    private interface Value<T> {
        T get();
    }

    private static <T> void answer(CompletableFuture<T> reply, int rc, @Nullable String asked, Value<T> value) {
        Code code = Code.get(rc);
        if (code == Code.OK) {
            reply.complete(value.get());
        } else if (asked == null) { // of a transaction
            reply.completeExceptionally(KeeperException.create(code));
        } else {
            reply.completeExceptionally(KeeperException.create(code, asked));
        }
    }
}
