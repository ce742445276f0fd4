// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.HolderInfo;
import io.interlock.spi.Attempt;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Plays the engine: requests, ids and single attempts. */
final class Spi {
    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Spi() {}

    static OwnerId newOwner() {
        return OwnerId.random(RANDOM);
    }

    static LockRequest request(String name) {
        return request(name, LEASE);
    }

    static LockRequest request(String name, Duration lease) {
        return request(name, lease, CALL_TIMEOUT);
    }

    static LockRequest request(String name, Duration lease, Duration callTimeout) {
        return new LockRequest(name, lease, false, 1, holder(), callTimeout);
    }

    static LockRequest waitingRequest(String name) {
        return new LockRequest(name, LEASE, true, 1, holder(), CALL_TIMEOUT);
    }

    static LockRequest blockRequest(String name, int tokens) {
        return new LockRequest(name, LEASE, false, tokens, holder(), CALL_TIMEOUT);
    }

    static HolderInfo holder() {
        return new HolderInfo(
                "web-3", 4711, "worker-1", Optional.of("nightly"), Optional.empty(), OptionalLong.empty());
    }

    static Attempt attempt(LockBackend backend, LockRequest request, OwnerId owner) throws InterruptedException {
        try (var contender = backend.contend(request, () -> {})) {
            return contender.attempt(owner);
        }
    }

    static Grant grant(LockBackend backend, LockRequest request) throws InterruptedException {
        return granted(attempt(backend, request, newOwner()));
    }

    static Grant granted(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Attempt.Granted.class);
        return ((Attempt.Granted) attempt).grant();
    }

    static Attempt.Refused refused(Attempt attempt) {
        assertThat(attempt).isInstanceOf(Attempt.Refused.class);
        return (Attempt.Refused) attempt;
    }
}
