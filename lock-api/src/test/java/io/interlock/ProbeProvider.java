// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose store is never there; counts how often somebody got as far as opening it. */
public final class ProbeProvider implements LockProvider {
    private static final AtomicInteger OPENED = new AtomicInteger();

    /** For {@link java.util.ServiceLoader}. */
    public ProbeProvider() {}

    static int opened() {
        return OPENED.get();
    }

    static int takeOpened() {
        return OPENED.getAndSet(0);
    }

    @Override
    public Set<String> schemes() {
        return Set.of("probe");
    }

    @Override
    public List<ConfigOption> options() {
        return List.of(
                ConfigOption.of("size", ConfigOption.Unit.COUNT, "1", "How many."),
                ConfigOption.secret("hush", "A secret."));
    }

    @Override
    public Map<String, Set<Capability>> variants() {
        return Map.of(
                "plain", Set.of(Capability.LEASE),
                "fenced", Set.of(Capability.LEASE, Capability.FENCING),
                "shaky", Set.of());
    }

    @Override
    public String defaultVariant() {
        return "plain";
    }

    @Override
    public Set<String> unsafeVariants() {
        return Set.of("shaky");
    }

    @Override
    public LockBackend open(LockConfig config) {
        OPENED.incrementAndGet();
        throw new LockBackendException("there is no store", null, false);
    }
}
