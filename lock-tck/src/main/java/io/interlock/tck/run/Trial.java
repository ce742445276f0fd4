// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockOptions;
import io.interlock.RenewalMode;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.Link;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a rule: everything that the test of a rule may touch. What is made through it is ended after the
 * attempt. Thread-safe.
 */
public final class Trial {
    private static final Duration POLL = Duration.ofMillis(1);

    private final TckBackend backend;
    private final RuleSpec rule;
    private final RunSettings settings;
    private final Set<Capability> capabilities;
    private final Measurements measurements;
    private final int stalls;
    private final Random random;
    private final Bounds bounds;
    private final String prefix;
    private final AtomicInteger names = new AtomicInteger();
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
    private final List<Actor<?>> actors = new CopyOnWriteArrayList<>();

    Trial(
            TckBackend backend,
            RuleSpec rule,
            RunSettings settings,
            Set<Capability> capabilities,
            Measurements measurements,
            long seed,
            int stalls) {
        this.backend = backend;
        this.rule = rule;
        this.settings = settings;
        this.capabilities = capabilities;
        this.measurements = measurements;
        this.stalls = stalls;
        random = new Random(seed);
        bounds = new Bounds(backend.timing(), settings);
        // two runs may share a store
        prefix = "tck-" + rule.id() + "-" + Long.toString(System.nanoTime(), 36) + "-";
    }

    /** {@return the backend under test} */
    public TckBackend backend() {
        return backend;
    }

    /** {@return the bounds of this backend, scaled for this machine} */
    public Bounds bounds() {
        return bounds;
    }

    /** {@return how many attempts a stall of the machine has spoilt already: the next ones may take longer} */
    public int stalls() {
        return stalls;
    }

    /** {@return whether the backend declares a capability} */
    public boolean declares(Capability capability) {
        return capabilities.contains(capability);
    }

    /** {@return everything that the backend declares} */
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /** {@return a new client, straight to the store} */
    public LockClient client() {
        return client(ClientSpec.direct());
    }

    /** {@return a new client} */
    public LockClient client(ClientSpec spec) {
        return closing(backend.newClient(spec));
    }

    /** {@return a lock name that was never used} */
    public String name() {
        return prefix + names.incrementAndGet();
    }

    /** {@return a lock of a new client and a new name, with the default options} */
    public DistributedLock lock() {
        return client().lock(name());
    }

    /** {@return leases as short as {@link Bounds#lease}, without renewal} */
    public LockOptions shortLease() {
        return LockOptions.defaults().withLease(bounds.lease()).withRenewal(RenewalMode.NONE);
    }

    /** {@return leases as short as {@link Bounds#lease}, renewed} */
    public LockOptions renewedLease() {
        return LockOptions.defaults().withLease(bounds.lease());
    }

    /** {@return the look into the store, which the rule said it needs} */
    public StoreInspector store() {
        return backend.store().orElseThrow(() -> new NotVerified("needs " + Control.STORE.words()));
    }

    /** {@return a new link to the store, which the rule said it needs} */
    public Link newLink() {
        return closing(backend.network()
                .orElseThrow(() -> new NotVerified("needs " + Control.NETWORK.words()))
                .newLink());
    }

    /** {@return whether {@link #newCommandLink} can be had} */
    public boolean tellsCommandsApart() {
        if (backend.network().isEmpty()) {
            return false;
        }
        try (Link link = newLink()) {
            return link.tellsCommandsApart();
        }
    }

    /** {@return a new link that tells commands apart} */
    public Link newCommandLink() {
        Link link = newLink();
        if (!link.tellsCommandsApart()) {
            throw new NotVerified("needs a wire format, so that the link can tell commands apart");
        }
        return link;
    }

    /** {@return randomness that the seed of the run repeats} */
    public Random random() {
        return random;
    }

    /** {@return the settings of the run} */
    public RunSettings settings() {
        return settings;
    }

    /** Has something closed after the attempt; the last one first. */
    public <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    /** Starts a thread. What it throws must be asked for, or fails the rule. */
    public <T extends @Nullable Object> Actor<T> start(Callable<T> body) {
        var actor = new Actor<>("tck-" + rule.id() + "-" + (actors.size() + 1), bounds.generous(), body);
        actors.add(actor);
        return actor;
    }

    /** Takes a free lock in one attempt. */
    public Lease take(DistributedLock lock) {
        return lock.tryAcquire()
                .orElseThrow(() -> new AssertionError("lock '" + lock.name() + "' is free, and was refused"));
    }

    /** Demands that a lock is refused in one attempt. */
    public void assertRefused(DistributedLock lock, String why) {
        lock.tryAcquire().ifPresent(lease -> {
            lease.release();
            throw new AssertionError("lock '" + lock.name() + "' was granted although " + why);
        });
    }

    /** Demands that a lease is held, which a stall of the machine may have ended. */
    public void assertHeld(Lease lease, String when) {
        if (!lease.isHeld()) {
            throw new TimingError("lock '" + lease.lockName() + "' is not held " + when + ": " + lease.state());
        }
    }

    /** Waits until something is so, at most as long as a bound that is scaled already. */
    public void eventually(Duration bound, String what, Condition condition) throws Exception {
        long start = now();
        while (!condition.holds()) {
            if (now() - start > bound.toNanos()) {
                throw new TimingError("not within " + bound.toMillis() + " ms: " + what);
            }
            pass(POLL);
        }
    }

    /** Something that may be so. */
    @FunctionalInterface
    public interface Condition {
        /** {@return whether it is} */
        boolean holds() throws Exception;
    }

    /** Waits until threads stand still in a wait that somebody else must end. */
    public void awaitParked(Actor<?>... waiting) throws Exception {
        for (Actor<?> actor : waiting) {
            eventually(bounds.generous(), "a thread waits: " + actor.where(), () -> {
                if (actor.isDone()) {
                    throw new AssertionError(
                            "a thread that was to wait has ended: " + actor.where(), actor.unobservedFailure());
                }
                return actor.isParkedSteadily();
            });
        }
    }

    /** Waits until threads wait for a lock, and the store knows of as many clients if waiters leave a trace in it. */
    public void awaitWaiting(String name, int clients, Actor<?>... waiting) throws Exception {
        awaitParked(waiting);
        if (backend.store().isPresent()) {
            StoreInspector store = backend.store().get();
            eventually(bounds.generous(), clients + " waiters for '" + name + "' in the store", () -> {
                OptionalInt waiters = store.waiters(name);
                return waiters.isEmpty() || waiters.getAsInt() >= clients;
            });
            awaitParked(waiting); // the store may know of a waiter before the waiter has its answer
        }
    }

    /** {@return the monotonic clock} */
    public long now() {
        return System.nanoTime();
    }

    /** Lets time pass: for what must not happen before a time, never for what must happen first. */
    public void pass(Duration time) throws InterruptedException {
        long end = now() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - now()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while time passes");
            }
        }
    }

    /** Demands that something took no longer than a bound that is scaled already. */
    public void assertWithin(Duration bound, long sinceNanos, String what) {
        long took = now() - sinceNanos;
        if (took > bound.toNanos()) {
            throw new TimingError(what + " took " + took / 1_000_000 + " ms; the bound is " + bound.toMillis() + " ms");
        }
    }

    /** Demands that something took at least as long as a bound, to the nanosecond. */
    public void assertNotBefore(Duration bound, long sinceNanos, String what) {
        long took = now() - sinceNanos;
        if (took < bound.toNanos()) {
            throw new AssertionError(what + " took " + took / 1000 + " µs; it must not take less than "
                    + bound.toNanos() / 1000 + " µs");
        }
    }

    /** Keeps a sample for the report. */
    public void measure(String what, Duration bound, long nanos) {
        measurements.add(what, bound, nanos);
    }

    /** Ends everything, and tells what had failed without being asked for. */
    void end(@Nullable Throwable failure) {
        var trouble = new TrialEnd(failure);
        actors.forEach(actor -> trouble.run(() -> {
            Throwable unobserved = actor.unobservedFailure();
            if (unobserved != null) {
                throw new AssertionError("a thread of the rule failed: " + unobserved, unobserved);
            }
        }));
        for (int i = opened.size() - 1; i >= 0; i--) {
            trouble.run(opened.get(i)::close);
        }
        actors.forEach(actor -> trouble.run(() -> {
            if (!actor.end(bounds.generous())) {
                throw new AssertionError("a thread of the rule does not end: " + actor.where());
            }
        }));
        trouble.rethrow();
    }
}
