// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.LockClient;
import io.interlock.tck.net.FaultNetwork;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A backend under test that is known by its URI alone: clients are opened as an application opens them. Immutable but for
 * the one look into the store that it opens on demand; thread-safe.
 *
 * <p>If there is a {@link StoreSupport} for the URI's scheme, the backend has its bounds, its look into the store and
 * its language. Without one it has the default bounds and no look into the store. Faults of the network need servers in
 * the URI: with a port each, or a store support that knows the default port; a store that sends its clients on to
 * addresses of its own escapes them.
 *
 * <p>Passwords in the URI appear in {@link #processConfig} only.
 */
public final class UriTckBackend implements TckBackend {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]+");

    private final String id;
    private final StoreUri uri;
    private final Optional<StoreSupport> support;
    private final Set<RuleId> expectedFailures;
    private final Optional<String> servers;
    private final Runnable onClose;
    private final ReentrantLock opening = new ReentrantLock();
    private @Nullable StoreInspector inspector; // guarded by opening
    private boolean closed; // guarded by opening

    private UriTckBackend(
            String id,
            StoreUri uri,
            Optional<StoreSupport> support,
            Set<RuleId> expectedFailures,
            Optional<String> servers,
            Runnable onClose) {
        this.id = id;
        this.uri = uri;
        this.support = support;
        this.expectedFailures = Set.copyOf(expectedFailures);
        this.servers = servers;
        this.onClose = onClose;
    }

    /**
     * The backend of a URI, with the installed {@link StoreSupport} of its scheme, if there is one. Connects to nothing.
     *
     * @param id a short name for reports: letters, digits, dots and dashes
     * @param uri scheme, place and settings, as for {@link LockClient#open(String)}
     * @return a backend without expected failures
     * @throws IllegalArgumentException if the id is malformed
     * @throws io.interlock.LockConfigException if the URI is malformed
     * @throws IllegalStateException if more than one installed store support claims the scheme
     */
    public static UriTckBackend of(String id, String uri) {
        var parsed = new StoreUri(uri);
        return of(id, parsed, StoreSupports.find(parsed.config().scheme()));
    }

    /**
     * The backend of a URI, with a store support that need not be installed. Connects to nothing.
     *
     * @param id a short name for reports: letters, digits, dots and dashes
     * @param uri scheme, place and settings, as for {@link LockClient#open(String)}
     * @param support what the kit should know of the store; its schemes are not asked for
     * @return a backend without expected failures
     * @throws IllegalArgumentException if the id is malformed
     * @throws io.interlock.LockConfigException if the URI is malformed
     */
    public static UriTckBackend of(String id, String uri, StoreSupport support) {
        return of(id, new StoreUri(uri), Optional.of(support));
    }

    private static UriTckBackend of(String id, StoreUri uri, Optional<StoreSupport> support) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("id '" + id + "': must be of letters, digits, dots and dashes");
        }
        return new UriTckBackend(id, uri, support, Set.of(), Optional.empty(), () -> {});
    }

    /**
     * The same with rules that it is known to break. Copies share nothing: close the one that was used.
     *
     * @param rules each must fail; one that passes is an error too
     * @return a changed copy
     */
    public UriTckBackend withExpectedFailures(Set<RuleId> rules) {
        return new UriTckBackend(id, uri, support, rules, servers, onClose);
    }

    /**
     * The same with the servers in words, instead of asking the store.
     *
     * @param text such as {@code Redis 7.0.15, process}
     * @return a changed copy
     */
    public UriTckBackend withServers(String text) {
        return new UriTckBackend(id, uri, support, expectedFailures, Optional.of(text), onClose);
    }

    /**
     * The same with something to end along with it, such as a server that was started for it; before what was given
     * earlier.
     *
     * @param action run once by {@link #close}, last
     * @return a changed copy
     */
    public UriTckBackend withOnClose(Runnable action) {
        Objects.requireNonNull(action, "action");
        return new UriTckBackend(id, uri, support, expectedFailures, servers, () -> {
            try {
                action.run();
            } finally {
                onClose.run();
            }
        });
    }

    @Override
    public String id() {
        return id;
    }

    /** {@return the given text, else what the store says, else nothing} */
    @Override
    public String servers() {
        return servers.or(() -> support.map(known -> known.server(uri.config())))
                .orElse("");
    }

    /** Settings of the spec replace those of the URI's query. */
    @Override
    public LockClient newClient(ClientSpec spec) {
        StoreUri way =
                spec.link().map(link -> uri.through(link, serversOrThrow())).orElse(uri);
        return LockClient.open(spec.config(way.without(spec.settings().keySet()).text()));
    }

    /** {@return the URI, with its secrets} */
    @Override
    public Map<String, String> processConfig() {
        return Map.of("uri", uri.text());
    }

    @Override
    public Timing timing() {
        return support.map(known -> known.timing(uri.config())).orElseGet(Timing::defaults);
    }

    /**
     * A look into the store, if there is a store support.
     *
     * @return the same each time; the backend closes it
     * @throws IllegalStateException if the backend is closed
     */
    @Override
    public Optional<StoreInspector> store() {
        return support.map(this::inspector);
    }

    @Override
    public Optional<NetworkControl> network() {
        return addresses().map(servers -> new FaultNetwork(support.flatMap(known -> known.wireFormat(uri.config()))));
    }

    @Override
    public Set<RuleId> expectedFailures() {
        return expectedFailures;
    }

    /** Closes the look into the store, and runs what {@link #withOnClose} was given. Idempotent. */
    @Override
    public void close() {
        StoreInspector open;
        opening.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            open = inspector;
        } finally {
            opening.unlock();
        }
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            onClose.run();
        }
    }

    /** Without the URI: it may hold a password. */
    @Override
    public String toString() {
        return "UriTckBackend[" + id + "]";
    }

    private StoreInspector inspector(StoreSupport known) {
        opening.lock();
        try {
            if (closed) {
                throw new IllegalStateException("backend " + id + " is closed");
            }
            StoreInspector open = inspector;
            if (open == null) {
                open = known.inspector(uri.config());
                inspector = open;
            }
            return open;
        } finally {
            opening.unlock();
        }
    }

    private Optional<List<InetSocketAddress>> addresses() {
        OptionalInt port =
                support.map(known -> OptionalInt.of(known.defaultPort())).orElse(OptionalInt.empty());
        return uri.servers(port);
    }

    private List<InetSocketAddress> serversOrThrow() {
        return addresses()
                .orElseThrow(() -> new IllegalStateException(
                        "backend " + id + " has no network control: its URI names no server, or one without a port"));
    }
}
