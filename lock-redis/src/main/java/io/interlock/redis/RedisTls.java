// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockConfigException;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * What {@code rediss://} trusts. The certificate must always be of the host of the URI, and of those that sentinels and
 * nodes of a cluster name.
 */
final class RedisTls {
    private RedisTls() {}

    /** Trust in the authorities of the JDK. */
    static SslOptions trustingJdk() {
        return SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build();
    }

    /** Trust in what a file of the JDK's kinds (PKCS 12, JKS) holds. */
    static SslOptions trusting(String truststore, Optional<String> password) {
        var file = new File(truststore);
        char @Nullable [] secret = password.map(String::toCharArray).orElse(null);
        try {
            // the client library reads the file at each connection; a wrong one is to be refused before the first
            KeyStore.getInstance(file, secret);
        } catch (IOException | IllegalArgumentException | GeneralSecurityException e) {
            throw new LockConfigException("tlsTruststore = " + truststore + ": can't be read: " + e.getMessage(), e);
        }
        return SslOptions.builder()
                .sslVerifyMode(SslVerifyMode.FULL)
                .truststore(file, secret)
                .build();
    }
}
