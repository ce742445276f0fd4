// SPDX-License-Identifier: Apache-2.0
/** One distributed-lock API and one engine for every backend, plus the in-memory reference backend. */
module io.interlock {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.interlock;
    exports io.interlock.spi;
    exports io.interlock.memory;

    uses io.interlock.spi.LockProvider;

    provides io.interlock.spi.LockProvider with
            io.interlock.memory.MemoryLockProvider;
}
