// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.servers.ZooKeeperServer;
import io.interlock.spi.Attempt;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.spi.RenewOutcome;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.RuleId;
import io.interlock.tck.TckBackend;
import io.interlock.tck.UriTckBackend;
import io.interlock.tck.run.RuleResult;
import io.interlock.tck.run.RunSettings;
import io.interlock.tck.run.Sections;
import io.interlock.tck.run.TckRun;
import io.interlock.tck.run.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.curator.framework.state.ConnectionState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Mutants for the rules of the test kit that bind sessions, and places in a queue over a network: the kit's own mutants
 * have neither.
 */
class KitMutantsTest {
    private static final ZooKeeperServer SERVER =
            ZooKeeperServer.builder().setting("forceSync=no").start();
    private static final String SETTINGS = "session=4s&tickTime=200ms";

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void sessionThatIsCountedOnForTooLong() {
        assertThat(verdict("6.13", KitMutantsTest::countsOnItsSession))
                .contains("claims to be held")
                .doesNotContain("Exception");
    }

    @Test
    void placeThatIsGivenUpWithItsConnection() {
        assertThat(verdict("8.07", KitMutantsTest::queuesAnew))
                .contains("a second waiter")
                .doesNotContain("Exception");
    }

    /** Believes that its node outlives the session, and hears nothing of its end. */
    private static LockBackend countsOnItsSession(LockConfig config) {
        LockBackend next = new ZooKeeperLockProvider().open(config);
        Instead contend = arguments -> {
            Contender contender = next.contend((LockRequest) arguments[0], (Runnable) arguments[1]);
            Instead attempt = owner -> trusting(contender.attempt((OwnerId) owner[0]));
            return overriding(Contender.class, contender, Map.of("attempt", attempt));
        };
        Instead renewAll = arguments -> ((Collection<?>) arguments[0])
                .stream()
                        .map(Grant.class::cast)
                        .collect(Collectors.toMap(Function.identity(), grant -> grant.renew((Duration) arguments[1])));
        return overriding(LockBackend.class, next, Map.of("contend", contend, "renewAll", renewAll));
    }

    private static Attempt trusting(Attempt attempt) {
        if (!(attempt instanceof Attempt.Granted granted)) {
            return attempt;
        }
        long more = Duration.ofSeconds(8).toNanos();
        Grant grant = granted.grant();
        Instead validUntil = none -> grant.validUntil() + more;
        Instead watch = listener -> listener;
        Instead renew = lease -> {
            RenewOutcome outcome = grant.renew((Duration) lease[0]);
            return outcome == RenewOutcome.LOST ? RenewOutcome.UNKNOWN : outcome;
        };
        return new Attempt.Granted(
                overriding(Grant.class, grant, Map.of("validUntil", validUntil, "watch", watch, "renew", renew)));
    }

    /** Takes a new connection for a new session. */
    private static LockBackend queuesAnew(LockConfig config) {
        Ensemble ensemble = Connector.connect(config);
        var connections = new AtomicInteger();
        ensemble.client().getConnectionStateListenable().addListener((client, state) -> {
            if (state == ConnectionState.RECONNECTED) {
                connections.incrementAndGet();
            }
        });
        LockBackend next = new ZooKeeperBackend(ensemble, ZooKeeperSettings.options(config));
        Instead contend = arguments ->
                new QueuesAnew(() -> next.contend((LockRequest) arguments[0], (Runnable) arguments[1]), connections);
        return overriding(LockBackend.class, next, Map.of("contend", contend));
    }

    private static final class QueuesAnew implements Contender {
        private final Supplier<Contender> place;
        private final AtomicInteger connections;
        private Contender now;
        private int connection;

        QueuesAnew(Supplier<Contender> place, AtomicInteger connections) {
            this.place = place;
            this.connections = connections;
            now = place.get();
            connection = connections.get();
        }

        @Override
        public Attempt attempt(OwnerId owner) throws InterruptedException {
            if (connection != connections.get()) {
                connection = connections.get();
                now.close();
                now = place.get();
            }
            return now.attempt(owner);
        }

        @Override
        public void close() {
            now.close();
        }
    }

    /** {@return why the rule fails on the mutant} */
    private static String verdict(String rule, Function<LockConfig, LockBackend> mutant) {
        var unbroken = UriTckBackend.of("zookeeper-mutant", SERVER.uri(SETTINGS));
        Instead newClient = arguments -> client((ClientSpec) arguments[0], mutant);
        try (TckBackend backend = overriding(TckBackend.class, unbroken, Map.of("newClient", newClient));
                var run =
                        new TckRun(backend, new RunSettings(1, 1, 1, List.of(), Path.of("target", "mutants", rule)))) {
            RuleResult result = Sections.tests().stream()
                    .filter(test -> test.spec().id().equals(RuleId.of(rule)))
                    .map(run::run)
                    .findFirst()
                    .orElseThrow();
            assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.FAIL);
            return result.reason();
        }
    }

    private static LockClient client(ClientSpec spec, Function<LockConfig, LockBackend> mutant) {
        String[] address = SERVER.address().split(":", -1);
        var server = new InetSocketAddress(address[0], Integer.parseInt(address[1]));
        InetSocketAddress way = spec.link().map(link -> link.endFor(server)).orElse(server);
        LockConfig config =
                spec.config("zookeeper://" + way.getAddress().getHostAddress() + ":" + way.getPort() + "/?" + SETTINGS);
        return LockClient.of(mutant.apply(config), spec.config());
    }

    /** What a mutant does instead. */
    private interface Instead {
        Object call(Object[] arguments) throws Exception;
    }

    /** A stand-in that hands everything on but for the methods of these names. */
    private static <T> T overriding(Class<T> type, T next, Map<String, Instead> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Instead own = methods.get(method.getName());
                    if (own != null) {
                        return own.call(arguments);
                    }
                    try {
                        return method.invoke(next, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
