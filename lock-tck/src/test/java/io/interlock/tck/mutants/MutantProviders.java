// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.memory.MemoryLockProvider;
import io.interlock.memory.MemoryLocks;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;

/** Providers that are broken in one way each. No one is registered; {@link ProviderMutant} does that, one at a time. */
public final class MutantProviders {
    static final String SCHEME = "mutant";
    static final String PORT = "tck.mutant.port";

    private MutantProviders() {}

    /** A sound one: named stores in this JVM. */
    abstract static class Sound implements LockProvider {
        private static final ConcurrentMap<String, MemoryLocks> STORES = new ConcurrentHashMap<>();

        @Override
        public Set<String> schemes() {
            return Set.of(SCHEME);
        }

        @Override
        public List<ConfigOption> options() {
            return List.of();
        }

        @Override
        public Map<String, Set<Capability>> variants() {
            return Map.of(
                    "memory",
                    Set.copyOf(new MemoryLockProvider()
                            .variants()
                            .values()
                            .iterator()
                            .next()));
        }

        @Override
        public String defaultVariant() {
            return "memory";
        }

        @Override
        public LockBackend open(LockConfig config) {
            return STORES.computeIfAbsent(config.path(), name -> MemoryLocks.create())
                    .backend(config.namespace());
        }
    }

    /** Claims what belongs to another. */
    public static final class ClaimsMemory extends Sound {
        @Override
        public Set<String> schemes() {
            return Set.of(SCHEME, "memory");
        }
    }

    /** Has a scheme that no configuration can name, since schemes are lower-cased there. */
    public static final class UpperCase extends Sound {
        @Override
        public Set<String> schemes() {
            return Set.of(SCHEME, "MUTANT");
        }
    }

    /** Opens another store for each client. */
    public static final class IgnoresPath extends Sound {
        @Override
        public LockBackend open(LockConfig config) {
            return MemoryLocks.create().backend(config.namespace());
        }
    }

    /** Says of its variant less than is true. */
    public static final class SaysLess extends Sound {
        @Override
        public Map<String, Set<Capability>> variants() {
            var less = EnumSet.copyOf(super.variants().get("memory"));
            less.remove(Capability.FAIR);
            return Map.of("memory", less);
        }
    }

    /** Connects when it is loaded. */
    public static final class ConnectsWhenLoaded extends Sound {
        @SuppressWarnings("unused") // being there is all it does
        private static final Socket CONNECTION = connect();

        private static Socket connect() {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(PORT));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Starts a thread when it is loaded. */
    public static final class StartsThread extends Sound {
        static {
            var timer =
                    new Thread(() -> LockSupport.parkNanos(Duration.ofSeconds(5).toNanos()), "provider-timer");
            timer.setDaemon(true);
            timer.start();
        }
    }
}
