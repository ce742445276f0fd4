// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.spi.BackendContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;

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
    private volatile boolean closed;

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

    /** Tries no more; what is not known to be gone. */
    List<String> close() {
        closed = true;
        return List.copyOf(leaving);
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
        if (!closed) {
            Duration doubled = pause.multipliedBy(2);
            Duration next = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
            context.schedule(() -> attempt(path, next), pause);
        }
    }
}
