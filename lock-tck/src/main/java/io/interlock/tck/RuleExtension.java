// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.tck.report.Reports;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.RuleTest;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.TckRun;
import io.interlock.tck.run.Trial;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Lets the kit's own runner test the rules, and translates its verdicts for JUnit. */
final class RuleExtension implements InvocationInterceptor, ParameterResolver, AfterAllCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(RuleExtension.class);

    private record Session(String test, TckBackend backend, TckRun run, RunSettings settings) {
        void close() throws IOException {
            try (backend;
                    run) {
                Reports.write(settings.reportDir(), test, run.report());
            }
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        if (!method.getExecutable().isAnnotationPresent(Rule.class)) {
            invocation.proceed();
            return;
        }
        invocation.skip(); // the runner may have to call it more than once
        RuleTest test = RuleTest.of(method.getExecutable().getDeclaringClass(), method.getExecutable());
        Session session = session(context);
        if (!session.settings().includes(test.spec().id())) {
            throw new TestAbortedException("left out by lock.tck.rules");
        }
        tell(session.run().run(test), session.settings().seed());
    }

    private static void tell(RuleResult result, long seed) {
        switch (result.verdict()) {
            case PASS -> {
                // nothing to tell
            }
            case FAIL, XPASS, INVALID ->
                throw new AssertionFailedError(result.verdict() + " " + result.rule() + ": " + result.reason()
                        + " (lock.tck.seed=" + seed + ")\n" + result.detail());
            default -> throw new TestAbortedException(result.verdict() + ": " + result.reason());
        }
    }

    private static Session session(ExtensionContext context) {
        ExtensionContext top = top(context);
        LockTck tck = context.getRequiredTestInstances()
                .findInstance(LockTck.class)
                .orElseThrow(() -> new IllegalStateException("a rule outside of LockTck"));
        return top.getStore(OURS).getOrComputeIfAbsent(Session.class, type -> open(tck, top), Session.class);
    }

    private static Session open(LockTck tck, ExtensionContext top) {
        var settings = RunSettings.ofSystemProperties();
        top.publishReportEntry(Map.of("lock.tck.seed", Long.toString(settings.seed())));
        TckBackend backend = tck.backend();
        try {
            return new Session(tck.getClass().getName(), backend, new TckRun(backend, settings), settings);
        } catch (RuntimeException | Error e) {
            backend.close();
            throw e;
        }
    }

    /** The context of the subclass of LockTck. */
    private static ExtensionContext top(ExtensionContext context) {
        ExtensionContext at = context;
        while (!isTop(at)) {
            at = at.getParent().orElseThrow(() -> new IllegalStateException("a rule outside of LockTck"));
        }
        return at;
    }

    private static boolean isTop(ExtensionContext context) {
        return context.getTestClass().filter(LockTck.class::isAssignableFrom).isPresent()
                && context.getTestMethod().isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (!isTop(context)) {
            return;
        }
        Session session = context.getStore(OURS).remove(Session.class, Session.class);
        if (session != null) {
            session.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Trial.class;
    }

    /** The runner makes a trial for each attempt; JUnit's own call never happens. */
    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return null;
    }
}
