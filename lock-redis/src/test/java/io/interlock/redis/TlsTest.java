// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.interlock.LockBackendException;
import io.interlock.LockClient;
import io.interlock.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before all
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static String trust;

    @BeforeAll
    static void start() throws Exception {
        Path store = generate("127.0.0.1");
        server = serverWith(store);
        trust = "tlsTruststore=" + store + "&tlsTruststorePassword=" + PASSWORD;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void locksAndWakesUpOverTls() throws Exception {
        try (var one = LockClient.open(server.uri(trust));
                var two = LockClient.open(server.uri(trust + "&recheck=1h"))) {
            var held = one.lock("a").acquire();
            var waiter = two.lock("a").acquireAsync(Duration.ofSeconds(20));
            org.awaitility.Awaitility.await().until(() -> !waiter.isDone());
            held.close();
            assertThat(waiter.get().isHeld()).isTrue();
        }
    }

    @Test
    void certificateThatNobodyVouchesForIsRefused() {
        assertThatThrownBy(() -> LockClient.open(server.uri()))
                .isInstanceOfSatisfying(
                        LockBackendException.class,
                        e -> assertThat(e.isAmbiguous()).isFalse())
                .hasMessageContaining("certif");
    }

    @Test
    void certificateOfAnotherHostIsRefused() throws Exception {
        Path store = generate("192.0.2.1");
        try (var other = serverWith(store)) {
            String uri = other.uri("tlsTruststore=" + store + "&tlsTruststorePassword=" + PASSWORD);
            assertThatThrownBy(() -> LockClient.open(uri))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void plainConnectionToATlsPortIsRefusedInTime() {
        assertThatThrownBy(() -> LockClient.open(TestRedis.uri(server.port())))
                .isInstanceOf(LockBackendException.class);
    }

    private static RedisServer serverWith(Path store) throws Exception {
        return RedisServer.builder()
                .tls(pem(store, "CERTIFICATE"), pem(store, "PRIVATE KEY"))
                .start();
    }

    private static Path generate(String address) throws IOException, InterruptedException {
        Path store = folder.resolve(address + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var process = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=ip:" + address,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return addTrust(store);
    }

    /** A key entry's certificate is not trusted for being there: it needs an entry of its own. */
    private static Path addTrust(Path store) throws IOException {
        try {
            var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            keys.setCertificateEntry("trusted", keys.getCertificate("redis"));
            try (var out = Files.newOutputStream(store)) {
                keys.store(out, PASSWORD.toCharArray());
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static Path pem(Path store, String what) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Key key = keys.getKey("redis", PASSWORD.toCharArray());
        byte[] der = what.equals("CERTIFICATE") ? keys.getCertificate("redis").getEncoded() : key.getEncoded();
        Path file = Path.of(store + "." + what.replace(' ', '-'));
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }
}
