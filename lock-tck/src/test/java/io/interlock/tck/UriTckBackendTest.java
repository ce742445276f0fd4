// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import io.interlock.tck.toy.ToyStoreSupport;
import io.interlock.tck.toy.ToyTckBackend;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UriTckBackendTest {
    private final ToyTckBackend toy = new ToyTckBackend();
    private final String uri = toy.processConfig().get("uri");
    private final String secretUri = uri.replace("//", "//me:hush@");

    @AfterEach
    void close() {
        toy.close();
    }

    @Test
    void clientsAreOpenedByTheUri() {
        var backend = UriTckBackend.of("toy", uri);
        try (var client = backend.newClient(ClientSpec.direct())) {
            assertThat(client.lock("a").tryAcquire()).isPresent();
            assertThat(toy.store().orElseThrow().timeToLive("a")).isPresent();
        }
        assertThat(backend.processConfig()).isEqualTo(Map.of("uri", uri));
    }

    @Test
    void clientsOfALinkGoOverIt() {
        var backend = UriTckBackend.of("toy", secretUri + "?namespace=other");
        try (var link = backend.network().orElseThrow().newLink();
                var client = backend.newClient(ClientSpec.through(link))) {
            assertThat(link.tellsCommandsApart()).isTrue();
            long before = link.commandCount();
            assertThat(client.lock("a").tryAcquire()).isPresent();
            assertThat(link.commandCount()).isEqualTo(before + 1);
            assertThat(toy.store().orElseThrow().timeToLive("a")).isEmpty(); // it is in another namespace
            link.cut();
        }
    }

    @Test
    void installedSupportGivesTimingInspectorAndServers() {
        var backend = UriTckBackend.of("toy", uri);
        assertThat(backend.timing()).isNotEqualTo(Timing.defaults());
        assertThat(backend.servers()).startsWith("toy store");
        StoreInspector store = backend.store().orElseThrow();
        assertThat(store.entries("a")).isZero();
        assertThat(backend.store()).containsSame(store);
        backend.close();
        assertThatIllegalStateException().isThrownBy(backend::store);
    }

    @Test
    void givenSupportNeedNotBeInstalledForTheScheme() {
        var backend = UriTckBackend.of("toy", "bare-" + uri, new ToyStoreSupport());
        assertThat(backend.store()).isPresent();
        assertThat(backend.servers()).startsWith("toy store");
    }

    @Test
    void schemeWithoutSupportIsAPlainBackendWithANetwork() {
        var backend = UriTckBackend.of("bare", "bare-" + uri);
        assertThat(backend.store()).isEmpty();
        assertThat(backend.servers()).isEmpty();
        assertThat(backend.timing()).isEqualTo(Timing.defaults());
        try (var link = backend.network().orElseThrow().newLink();
                var client = backend.newClient(ClientSpec.through(link))) {
            assertThat(link.tellsCommandsApart()).isFalse();
            assertThat(client.lock("a").tryAcquire()).isPresent();
            link.cut();
            assertThatThrownBy(() -> client.lock("b").tryAcquire()).hasMessageContaining("failed");
        }
    }

    @Test
    void uriWithoutServersOrPortsHasNoNetwork() {
        assertThat(UriTckBackend.of("memory", "memory:uri-test").network()).isEmpty();
        var portless = UriTckBackend.of("bare", "bare-toy://me:hush@somewhere");
        assertThat(portless.network()).isEmpty();
        try (var link = NetworkControl.loopback().newLink()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> portless.newClient(ClientSpec.through(link)))
                    .withMessageContaining("bare")
                    .withMessageNotContaining("hush");
        }
        assertThat(UriTckBackend.of("toy", "toy://somewhere").network()).isPresent();
    }

    @Test
    void settingsOfASpecReplaceThoseOfTheUri() {
        var backend = UriTckBackend.of("toy", uri + "?namespace=other&callTimeout=1s");
        try (var client = backend.newClient(ClientSpec.direct().with("namespace", "default"))) {
            assertThat(client.lock("a").tryAcquire()).isPresent();
            assertThat(toy.store().orElseThrow().timeToLive("a")).isPresent();
        }
        assertThatThrownBy(() -> backend.newClient(ClientSpec.direct().with("nonsense", "1")))
                .isInstanceOf(LockConfigException.class);
    }

    @Test
    void copiesDifferInOneThing() {
        var rules = Set.of(RuleId.of("2.14"));
        var backend = UriTckBackend.of("toy", uri).withExpectedFailures(rules).withServers("Toy 1.0");
        assertThat(backend.expectedFailures()).isEqualTo(rules);
        assertThat(backend.servers()).isEqualTo("Toy 1.0");
        assertThat(backend.id()).isEqualTo("toy");
        assertThat(UriTckBackend.of("toy", uri).expectedFailures()).isEmpty();
    }

    @Test
    void closeRunsEveryActionOnceAndTheLastGivenFirst() {
        List<String> done = new ArrayList<>();
        var backend = UriTckBackend.of("toy", uri)
                .withOnClose(() -> done.add("first given"))
                .withOnClose(() -> done.add("last given"));
        backend.close();
        backend.close();
        assertThat(done).containsExactly("last given", "first given");
    }

    @Test
    void passwordIsShownNowhereButToProcesses() {
        var backend = UriTckBackend.of("toy", secretUri);
        assertThat(backend.toString()).isEqualTo("UriTckBackend[toy]");
        assertThat(backend.processConfig()).containsEntry("uri", secretUri);
        assertThatThrownBy(() -> UriTckBackend.of("toy", "toy://me:hu/sh@somewhere"))
                .isInstanceOf(LockConfigException.class)
                .hasMessageNotContaining("hu/sh");
    }

    @Test
    void malformedIdsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UriTckBackend.of("my toy", uri))
                .withMessageContaining("my toy");
    }

    @Test
    void everyServerOfTheUriIsReplacedAndNothingElse() {
        try (var link = NetworkControl.loopback().newLink()) {
            var several = new StoreUri("toy://me:hush@127.0.0.1:4711,127.0.0.1/base/x?namespace=n&fault=NONE");
            var servers = several.servers(OptionalInt.of(4712)).orElseThrow();
            var ends = servers.stream()
                    .map(link::endFor)
                    .map(end -> "127.0.0.1:" + end.getPort())
                    .toList();
            assertThat(several.through(link, servers).text())
                    .isEqualTo("toy://me:hush@" + String.join(",", ends) + "/base/x?namespace=n&fault=NONE");
            assertThat(ends).doesNotHaveDuplicates();
            assertThat(several.without(Set.of("namespace")).text())
                    .isEqualTo("toy://me:hush@127.0.0.1:4711,127.0.0.1/base/x?fault=NONE");
            assertThat(several.without(Set.of("namespace", "fault")).text()).endsWith("/base/x");
        }
    }

    @Test
    void twoSupportsForOneSchemeAreAnError(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(StoreSupport.class.getName()), SecondSupport.class.getName());
        var before = Thread.currentThread().getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            assertThatIllegalStateException()
                    .isThrownBy(() -> UriTckBackend.of("toy", uri))
                    .withMessageContaining(SecondSupport.class.getName())
                    .withMessageContaining(ToyStoreSupport.class.getName());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Claims a scheme that another one has. */
    public static final class SecondSupport implements StoreSupport {
        private final ToyStoreSupport real = new ToyStoreSupport();

        @Override
        public Set<String> schemes() {
            return real.schemes();
        }

        @Override
        public int defaultPort() {
            return real.defaultPort();
        }

        @Override
        public Timing timing(LockConfig config) {
            return real.timing(config);
        }

        @Override
        public StoreInspector inspector(LockConfig config) {
            return real.inspector(config);
        }

        @Override
        public String server(LockConfig config) {
            return real.server(config);
        }

        @Override
        public Optional<WireFormat> wireFormat(LockConfig config) {
            return real.wireFormat(config);
        }
    }
}
