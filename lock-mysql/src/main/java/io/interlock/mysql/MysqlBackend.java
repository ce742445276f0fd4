// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.Capability;
import io.interlock.Finding;
import io.interlock.HolderInfo;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.BackendContext;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.Unanswered;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One client's locks in one database. Thread-safe. */
final class MysqlBackend implements LockBackend {
    private final Database database;
    private final MysqlOptions options;
    private final LockCalls calls;
    private volatile @Nullable Running running; // set once, by start

    MysqlBackend(Database database, MysqlOptions options) {
        this(database, options, Seam.NONE);
    }

    MysqlBackend(Database database, MysqlOptions options, Seam seam) {
        this.database = database;
        this.options = options;
        this.calls = new LockCalls(database, options, seam);
    }

    @Override
    public void start(BackendContext context) {
        database.start(context.random());
        var timer = new PurgeTimer(context, calls.purge(), options.purge());
        running = new Running(context, timer);
        timer.begin();
    }

    @Override
    public Set<Capability> capabilities() {
        return options.variant().capabilities();
    }

    @Override
    public Contender contend(LockRequest request, Runnable wakeUp) {
        BackendContext context = running().context();
        return new MysqlContender(calls, context, request, new PollWaiting(options.poll(), context.random()));
    }

    @Override
    public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
        return Unanswered.orElse(ReleaseOutcome.UNKNOWN, () -> calls.undo(request, owner));
    }

    @Override
    public Optional<HolderInfo> holder(String name) {
        return Unanswered.orThrow("holder of lock '" + name + "'", () -> calls.holder(name));
    }

    @Override
    public boolean forceRelease(String name, long fencingToken) {
        return Unanswered.orThrow("forceRelease of lock '" + name + "'", () -> calls.forceRelease(name, fencingToken));
    }

    @Override
    public List<Finding> diagnose() {
        return new Diagnosis(database, options).run();
    }

    @Override
    public void close() {
        Running now = running;
        if (now != null) {
            now.timer().close();
        }
        database.close();
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("not started");
        }
        return now;
    }

    /** What there is from the start on. */
    private record Running(BackendContext context, PurgeTimer timer) {}
}
