// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import io.interlock.LeaseLostException;
import io.interlock.tck.TckBackend;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the verdict on one rule. Confined to one thread. */
final class Attempts {
    private static final int MOST_INVALID = 3;

    private final RuleTest test;
    private final RuleSpec rule;
    private final TckBackend backend;
    private final RunSettings settings;
    private final Set<Capability> capabilities;
    private final Measurements measurements;
    private final StallGuard guard;
    private final long start = System.nanoTime();
    private int attempts;
    private int invalid;

    Attempts(
            RuleTest test,
            TckBackend backend,
            RunSettings settings,
            Set<Capability> capabilities,
            Measurements measurements,
            StallGuard guard) {
        this.test = test;
        this.rule = test.spec();
        this.backend = backend;
        this.settings = settings;
        this.capabilities = capabilities;
        this.measurements = measurements;
        this.guard = guard;
    }

    RuleResult result() {
        Set<Control> missing = missingControls();
        Set<Capability> undeclared = rule.capabilities().isEmpty() ? Set.of() : EnumSet.copyOf(rule.capabilities());
        undeclared = undeclared.stream().filter(c -> !capabilities.contains(c)).collect(Collectors.toSet());
        if (!undeclared.isEmpty()) {
            return refusal(undeclared);
        }
        if (!missing.isEmpty()) {
            return verdict(Verdict.NOT_VERIFIED, "needs " + words(missing), null);
        }
        RuleResult last = once();
        for (int i = 1; i < settings.repeat() && last.verdict() == Verdict.PASS; i++) {
            last = once();
        }
        return expected(last);
    }

    private Set<Control> missingControls() {
        var missing = EnumSet.noneOf(Control.class);
        missing.addAll(rule.controls());
        backend.store().ifPresent(store -> missing.remove(Control.STORE));
        backend.network().ifPresent(network -> missing.remove(Control.NETWORK));
        backend.server().ifPresent(server -> missing.remove(Control.SERVER));
        backend.clock().ifPresent(clock -> missing.remove(Control.CLOCK));
        return missing;
    }

    static String words(Set<Control> controls) {
        return controls.stream().sorted().map(Control::words).collect(Collectors.joining(", "));
    }

    private RuleResult refusal(Set<Capability> undeclared) {
        Throwable failure = attempt(trial -> undeclared.forEach(c -> Refusals.verify(trial, c)), 0);
        String names = undeclared.stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
        return failure == null
                ? verdict(Verdict.NOT_DECLARED, names + " is not declared, and was refused", null)
                : verdict(Verdict.FAIL, message(failure), failure);
    }

    /** One valid attempt, for which up to three may fall into a stall. */
    private RuleResult once() {
        for (int stalls = 0; ; stalls++) {
            guard.reset();
            Throwable failure = attempt(test::run, stalls);
            if (failure == null) {
                return verdict(Verdict.PASS, "", null);
            }
            if (failure instanceof NotVerified) {
                return verdict(Verdict.NOT_VERIFIED, message(failure), null);
            }
            Duration stall = guard.worst();
            if (!mayBeTheMachine(failure)
                    || stall.compareTo(settings.scaled(backend.timing().slack())) <= 0) {
                return failed(failure);
            }
            invalid++;
            if (stalls + 1 >= MOST_INVALID) {
                return verdict(
                        Verdict.INVALID,
                        "the machine stood still for " + stall.toMillis() + " ms: " + message(failure),
                        failure);
            }
        }
    }

    /** A broken promise of safety is never excused by a stall. */
    private static boolean mayBeTheMachine(Throwable failure) {
        return failure instanceof TimingError || failure instanceof LeaseLostException;
    }

    private RuleResult failed(Throwable failure) {
        return rule.level() == Level.MEASURED
                ? verdict(Verdict.NOT_VERIFIED, NotVerified.MEASURED_ONLY + message(failure), failure)
                : verdict(Verdict.FAIL, message(failure), failure);
    }

    private RuleResult expected(RuleResult found) {
        if (!backend.expectedFailures().contains(rule.id())
                && !settings.expectedFailures().contains(rule.id())) {
            return found;
        }
        return switch (found.verdict()) {
            case FAIL ->
                new RuleResult(
                        found.rule(),
                        Verdict.XFAIL,
                        found.reason(),
                        found.detail(),
                        found.time(),
                        found.attempts(),
                        found.invalid());
            case PASS -> verdict(Verdict.XPASS, "is listed as an expected failure, and passes", null);
            default -> found;
        };
    }

    private interface Body {
        void run(Trial trial) throws Throwable;
    }

    /** Runs the body in a thread of its own, so that one that hangs is seen, and ends what it began. */
    private @Nullable Throwable attempt(Body body, int stalls) {
        long seed = settings.seed() * 31 + rule.id().hashCode() + 1_000_003L * attempts++;
        var trial = new Trial(backend, rule, settings, capabilities, measurements, seed, stalls);
        var actor = new Actor<>("tck-" + rule.id(), trial.bounds().attempt(), () -> {
            Throwable thrown = null;
            try {
                body.run(trial);
            } catch (Throwable e) {
                thrown = e;
            }
            return Optional.ofNullable(thrown);
        });
        Throwable failure = outcome(actor);
        try {
            trial.end(failure);
        } catch (AssertionError e) {
            return e;
        }
        return failure;
    }

    private @Nullable Throwable outcome(Actor<Optional<Throwable>> actor) {
        try {
            return actor.get().orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            actor.interrupt();
            return new AssertionError("the run was interrupted", e);
        } catch (TimingError hung) {
            // not the machine: the limit is far beyond any stall
            var failure = new AssertionError("the rule did not end: " + hung.getMessage());
            actor.interrupt();
            return failure;
        } catch (Exception e) {
            return e;
        }
    }

    static String message(Throwable failure) {
        String message = failure.getMessage();
        boolean said = failure instanceof AssertionError || failure instanceof NotVerified;
        return said && message != null ? message : "unexpected " + failure;
    }

    private RuleResult verdict(Verdict verdict, String reason, @Nullable Throwable failure) {
        var detail = new StringWriter();
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(detail));
        }
        return new RuleResult(
                rule.id(),
                verdict,
                reason,
                detail.toString(),
                Duration.ofNanos(System.nanoTime() - start),
                attempts,
                invalid);
    }
}
