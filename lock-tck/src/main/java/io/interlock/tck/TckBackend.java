// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.LockClient;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A backend under test, as its author hands it to the kit. Thread-safe; made once for all rules and closed after them.
 *
 * <p>Found by {@link java.util.ServiceLoader}, which needs a public constructor without parameters, or returned by
 * {@link LockTck#backend()}. Only {@link #id}, {@link #newClient} and {@link #close} must be written; each control that
 * is left out makes the rules that need it {@code NOT_VERIFIED}. {@link UriTckBackend} does it all from a URI.
 */
public interface TckBackend extends AutoCloseable {
    /** {@return a short name for reports, such as {@code redis-lua}: letters, digits, dots and dashes} */
    String id();

    /** {@return the servers and versions that the verdicts come from, such as {@code Redis 7.0.15, process}} */
    default String servers() {
        return "";
    }

    /**
     * Opens a client with connections and an identity of its own; the kit closes it.
     *
     * @param spec the way to the store and the settings
     * @return an open client
     * @throws io.interlock.LockException as {@link LockClient#open} does; the kit tests that too
     */
    LockClient newClient(ClientSpec spec);

    /** {@return what a JVM of its own hands to {@link LockClient#open}: {@code uri} and other keys; empty: only this JVM reaches the store} */
    default Map<String, String> processConfig() {
        return Map.of();
    }

    /**
     * What an application in this JVM hands to {@link LockClient#open}.
     *
     * @return {@code uri} and other keys, as {@link #processConfig} unless only this JVM reaches the store; empty: the
     *     backend can't be reached by configuration
     */
    default Map<String, String> applicationConfig() {
        return processConfig();
    }

    /** {@return the bounds that the backend promises} */
    default Timing timing() {
        return Timing.defaults();
    }

    /** {@return a look into the store behind the clients' backs} */
    default Optional<StoreInspector> store() {
        return Optional.empty();
    }

    /** {@return power over the servers} */
    default Optional<ServerControl> server() {
        return Optional.empty();
    }

    /** {@return power over the network between clients and store} */
    default Optional<NetworkControl> network() {
        return Optional.empty();
    }

    /** {@return power over the clocks of clients in JVMs of their own} */
    default Optional<ClockControl> clock() {
        return Optional.empty();
    }

    /** {@return the rules that it is known to break; one that is listed and passes is an error too} */
    default Set<RuleId> expectedFailures() {
        return Set.of();
    }

    /** Ends what it started. Clients are closed before. */
    @Override
    void close();
}
