// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockBackendException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears away what nobody needs: looks without locking, then deletes row by row, and only what still may go. One
 * statement for many rows would lock them all, and those between them. Thread-safe.
 */
final class Purge {
    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

    /** So that a purge ends, and another client may have its turn. */
    private static final int MAX_BATCHES = 100;

    private final Database database;
    private final Garbage garbage;
    private final Duration callTimeout;

    Purge(Database database, Garbage garbage, Duration callTimeout) {
        this.database = database;
        this.garbage = garbage;
        this.callTimeout = callTimeout;
    }

    /**
     * Purges.
     *
     * @param also whether to read whole tables for what is seldom there
     * @return how many rows were deleted
     */
    int run(boolean also) throws InterruptedException {
        int deleted = 0;
        for (var kind : garbage.often()) {
            deleted += purge(kind);
        }
        for (var kind : also ? garbage.seldom() : List.<Garbage.Kind>of()) {
            deleted += purge(kind);
        }
        return deleted;
    }

    /** Purges in the background, where a failing store is nothing to complain of. */
    void runQuietly(boolean also) {
        try {
            int deleted = run(also);
            LOG.debug("purged {} rows", deleted);
        } catch (LockBackendException e) {
            LOG.debug("could not purge; trying again later", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int purge(Garbage.Kind kind) throws InterruptedException {
        int deleted = 0;
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            List<LockKey> keys =
                    database.run(call(), session -> session.rows(kind.find(), row -> LockKey.read(row.getBytes(1))));
            int now = 0;
            for (var key : keys) {
                now += database.run(
                        call(),
                        session -> session.updatePersistently(kind.delete().apply(key)));
            }
            deleted += now;
            if (now == 0) {
                // nothing more, or others purge the same
                break;
            }
        }
        return deleted;
    }

    private StoreCall call() {
        return StoreCall.begin("purge", callTimeout);
    }
}
