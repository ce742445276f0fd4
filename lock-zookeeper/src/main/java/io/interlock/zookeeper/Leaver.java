// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * Deletes nodes that we want no more, in the background, until the ensemble says that they are gone. Thread-safe. The
 * owner id in a node's name makes this safe at any time and on any session: nobody else ever has a node of that name.
 */
final class Leaver {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    private final BackendContext context;
    private final Sessions sessions;
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Consumer<String> heir; // set by close

    Leaver(BackendContext context, Sessions sessions) {
        this.context = context;
        this.sessions = sessions;
    }

    /** Deletes a node. Does not wait. */
    void leave(String path) {
        if (leaving.add(path)) {
            attempt(path, FIRST_PAUSE);
        }
    }

    /**
     * Tries no more.
     *
     * @param heir gets what is not known to be gone, and what is left from now on and can't be deleted at once
     */
    void close(Consumer<String> heir) {
        this.heir = heir;
        leaving.forEach(heir);
    }

    private void attempt(String path, Duration pause) {
        Session session = sessions.connected().orElse(null);
        if (session == null) {
            again(path, pause);
            return;
        }
        session.requests().delete(path).whenComplete((done, failure) -> {
            if (failure == null || failure instanceof KeeperException.NoNodeException) {
                leaving.remove(path);
            } else {
                again(path, pause);
            }
        });
    }

    private void again(String path, Duration pause) {
        Consumer<String> closed = heir;
        if (closed != null) {
            closed.accept(path);
        } else {
            Duration doubled = pause.multipliedBy(2);
            Duration next = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
            context.schedule(() -> attempt(path, next), pause);
        }
    }
}
