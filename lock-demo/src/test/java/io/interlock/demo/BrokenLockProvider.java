// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.Capability;
import io.interlock.LockBackendException;
import io.interlock.LockConfig;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Attempt;
import io.interlock.spi.BackendContext;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.GrantListener;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.spi.Validity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A backend that is wrong in the ways that a comparison must find out. */
public final class BrokenLockProvider implements LockProvider {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.LEASE, Capability.EXTEND);

    @Override
    public Set<String> schemes() {
        return Set.of("broken");
    }

    @Override
    public List<ConfigOption> options() {
        return List.of();
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Stream.of("grants-all", "grants-none", "fails", "fails-last", "loses", "holed")
                .collect(Collectors.toMap(variant -> variant, variant -> CAPABILITIES));
    }

    @Override
    public String defaultVariant() {
        return "grants-all";
    }

    @Override
    public Set<String> unsafeVariants() {
        return Set.of("holed");
    }

    @Override
    public LockBackend open(LockConfig config) {
        return new Backend(config.variant().orElse(defaultVariant()));
    }

    private static final class Backend implements LockBackend {
        private final String variant;
        private @Nullable BackendContext context;

        Backend(String variant) {
            this.variant = variant;
        }

        @Override
        public void start(BackendContext context) {
            this.context = context;
        }

        @Override
        public Set<Capability> capabilities() {
            return CAPABILITIES;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return new Contender() {
                @Override
                public Attempt attempt(OwnerId owner) {
                    return answer(request, owner);
                }

                @Override
                public void close() {}
            };
        }

        private Attempt answer(LockRequest request, OwnerId owner) {
            return switch (variant) {
                case "fails" -> throw onFire();
                case "fails-last" -> {
                    if (isSecondThread() && isYoungestSibling()) {
                        // not the store's failure, which a thread that has waited before would try again for minutes
                        throw new IllegalStateException("the store is on fire");
                    }
                    yield granted(request, owner);
                }
                case "grants-none" -> new Attempt.Refused(Duration.ofMillis(50), Optional.empty());
                default -> granted(request, owner);
            };
        }

        private Attempt granted(LockRequest request, OwnerId owner) {
            return new Attempt.Granted(new FreeGrant(
                    owner,
                    Validity.end(context == null ? 0 : context.nanoTime(), request.lease()),
                    variant.equals("loses")));
        }

        private static LockBackendException onFire() {
            return new LockBackendException("the store is on fire", null, false);
        }

        private static boolean isSecondThread() {
            return Thread.currentThread().getName().endsWith("-thread-2");
        }

        /** The worker that was started last: all of them are there before the first attempt. */
        private static boolean isYoungestSibling() {
            ProcessHandle self = ProcessHandle.current();
            return self.parent().stream()
                    .flatMap(ProcessHandle::children)
                    .filter(sibling ->
                            sibling.info().command().equals(self.info().command())) // servers are none
                    .max(Comparator.comparing(Backend::startOf).thenComparing(ProcessHandle::pid))
                    .equals(Optional.of(self));
        }

        /** Not the pid: that starts again from the bottom when it has come to the top. */
        private static Instant startOf(ProcessHandle process) {
            return process.info().startInstant().orElse(Instant.EPOCH);
        }

        @Override
        public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
            return ReleaseOutcome.RELEASED;
        }

        @Override
        public void close() {}
    }

    private record FreeGrant(OwnerId owner, long validUntil, boolean lost) implements Grant {
        @Override
        public long fencingToken() {
            return 0;
        }

        @Override
        public RenewOutcome renew(Duration lease) {
            return RenewOutcome.RENEWED;
        }

        @Override
        public ReleaseOutcome release() {
            return ReleaseOutcome.RELEASED;
        }

        @Override
        public void watch(GrantListener listener) {
            if (lost) {
                listener.lost(LossReason.DELETED);
            }
        }
    }
}
