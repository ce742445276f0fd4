// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.Contender;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.reference.MemoryTckBackend;
import io.interlock.tck.toy.ToyFault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the rules of §13 must catch: faults. */
final class FaultMutants {
    private FaultMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(0, "deaf once its subscription is killed", Deaf::new, "13.18"),
                Mutant.of(0, "no release after a reset", ToyFault.RELEASE_LEFT_TO_THE_STORE, "13.07"),
                Mutant.of(0, "calls that do not end", ToyFault.NO_CALL_TIMEOUT, "13.08"),
                Mutant.of(0, "undo of a former holder deletes the next one's entry", ToyFault.BLIND_UNDO, "13.10")
                        .breakingAlso("13.09")); // its undo comes even later there
    }

    /** Has one subscription for all its clients, and never takes out another. */
    private static final class Deaf implements TckBackend {
        private final MemoryLocks locks = MemoryLocks.create();
        private final AtomicBoolean killed = new AtomicBoolean();
        private final StoreInspector inspector = killing(MemoryTckBackend.inspectorOf(locks));

        @Override
        public String id() {
            return "mutant";
        }

        @Override
        public LockClient newClient(ClientSpec spec) {
            LockConfig config = spec.config();
            return LockClient.of(new DeafBackend(locks.backend(config.namespace())), config);
        }

        @Override
        public Optional<StoreInspector> store() {
            return Optional.of(inspector);
        }

        @Override
        public void close() {
            // the store is garbage when its last client is closed
        }

        private StoreInspector killing(StoreInspector real) {
            return (StoreInspector) Proxy.newProxyInstance(
                    Deaf.class.getClassLoader(), new Class<?>[] {StoreInspector.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("killSubscriptions")) {
                            killed.set(true);
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private final class DeafBackend extends ForwardingBackend {
            DeafBackend(LockBackend next) {
                super(next);
            }

            @Override
            public Contender contend(LockRequest request, Runnable wakeUp) {
                return super.contend(request, () -> {
                    if (!killed.get()) {
                        wakeUp.run();
                    }
                });
            }
        }
    }
}
