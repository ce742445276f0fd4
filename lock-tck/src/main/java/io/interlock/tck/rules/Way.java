// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of the ways to hold a free lock for the time of some work. */
enum Way {
    TRY("tryAcquire()") {
        @Override
        void hold(DistributedLock lock, Duration limit, Work work) throws Exception {
            during(lock.tryAcquire().orElseThrow(() -> refused(lock)), work);
        }
    },
    TIMED_TRY("tryAcquire(maxWait)") {
        @Override
        void hold(DistributedLock lock, Duration limit, Work work) throws Exception {
            during(lock.tryAcquire(limit).orElseThrow(() -> refused(lock)), work);
        }
    },
    ACQUIRE("acquire()") {
        @Override
        void hold(DistributedLock lock, Duration limit, Work work) throws Exception {
            during(lock.acquire(), work);
        }
    },
    ASYNC("acquireAsync()") {
        @Override
        void hold(DistributedLock lock, Duration limit, Work work) throws Exception {
            during(lock.acquireAsync().get(limit.toNanos(), TimeUnit.NANOSECONDS), work);
        }
    },
    CALL("call(body)") {
        @Override
        void hold(DistributedLock lock, Duration limit, Work work) throws Exception {
            lock.<Boolean, Exception>call(lease -> {
                work.run();
                return true;
            });
        }
    },
    VIEW("asLock().lock()") {
        @Override
        void hold(DistributedLock lock, Duration limit, Work work) throws Exception {
            lock.asLock().lock();
            try {
                work.run();
            } finally {
                lock.asLock().unlock();
            }
        }
    };

    private static final List<Way> ALL = List.of(values());

    private final String words;

    Way(String words) {
        this.words = words;
    }

    /** What is done while the lock is held. */
    interface Work {
        void run() throws Exception;
    }

    /** The ways in turn. */
    static Way of(int round) {
        return ALL.get(round % ALL.size());
    }

    /** Takes the lock, works, and gives the lock back. */
    abstract void hold(DistributedLock lock, Duration limit, Work work) throws Exception;

    private static void during(Lease lease, Work work) throws Exception {
        try (lease) {
            work.run();
        }
    }

    private static AssertionError refused(DistributedLock lock) {
        return new AssertionError("lock '" + lock.name() + "' is free, and was refused");
    }

    @Override
    public String toString() {
        return words;
    }
}
