// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.LockBackend;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Makes mutants of the reference backend. A supplier of operators, because what they remember belongs to one run. */
final class Broken {
    private Broken() {}

    /** The reference backend with a broken store access below the engine. */
    static Supplier<TckBackend> backend(Supplier<UnaryOperator<LockBackend>> breaking) {
        return namespaced(() -> {
            UnaryOperator<LockBackend> broken = breaking.get();
            return (locks, namespace) -> broken.apply(locks.backend(namespace));
        });
    }

    /** The reference backend with a broken client above the engine. */
    static Supplier<TckBackend> client(Supplier<UnaryOperator<LockClient>> breaking) {
        return () -> new BrokenMemory(MemoryLocks::backend, breaking.get());
    }

    /** The reference backend that makes of a namespace what it should not. */
    static Supplier<TckBackend> namespaced(Supplier<BiFunction<MemoryLocks, String, LockBackend>> breaking) {
        return () -> new BrokenMemory(breaking.get(), UnaryOperator.identity());
    }

    /** The reference backend with one fault that shows above and below the engine. */
    static Supplier<TckBackend> both(Supplier<Fault> breaking) {
        return () -> {
            Fault fault = breaking.get();
            return new BrokenMemory((locks, namespace) -> fault.backend(locks.backend(namespace)), fault::client);
        };
    }

    /** A fault that needs a hand on both sides of the engine. */
    interface Fault {
        /** {@return the store access with its part of the fault} */
        LockBackend backend(LockBackend next);

        /** {@return the client with its part of the fault} */
        LockClient client(LockClient next);
    }

    private static final class BrokenMemory implements TckBackend {
        private final MemoryLocks locks = MemoryLocks.create();
        private final StoreInspector inspector = MemoryTckBackend.inspectorOf(locks);
        private final BiFunction<MemoryLocks, String, LockBackend> breakBackend;
        private final UnaryOperator<LockClient> breakClient;

        BrokenMemory(BiFunction<MemoryLocks, String, LockBackend> breakBackend, UnaryOperator<LockClient> breakClient) {
            this.breakBackend = breakBackend;
            this.breakClient = breakClient;
        }

        @Override
        public String id() {
            return "mutant";
        }

        @Override
        public LockClient newClient(ClientSpec spec) {
            LockConfig config = spec.config();
            LockBackend backend = breakBackend.apply(locks, config.namespace());
            return breakClient.apply(LockClient.of(backend, config));
        }

        @Override
        public Optional<StoreInspector> store() {
            return Optional.of(inspector);
        }

        @Override
        public void close() {
            // the store is garbage when its last client is closed
        }
    }
}
