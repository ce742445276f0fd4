// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.NetworkControl;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.TckBackend;
import io.interlock.tck.Timing;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A toy store of its own and clients of it, right or broken in one way. For the tests of the kit. Thread-safe. */
public final class ToyTckBackend implements TckBackend {
    private final ToyFault fault;
    private final ToyServer server = new ToyServer();
    private final NetworkControl network = NetworkControl.loopback(new ToyWireFormat());

    /** A backend that is right. */
    public ToyTckBackend() {
        this(ToyFault.NONE);
    }

    /**
     * A backend that is broken in one way.
     *
     * @param fault the one thing
     */
    public ToyTckBackend(ToyFault fault) {
        this.fault = fault;
    }

    @Override
    public String id() {
        return fault == ToyFault.NONE
                ? "toy"
                : "toy-" + fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String servers() {
        return "toy store, in this JVM";
    }

    @Override
    public LockClient newClient(ClientSpec spec) {
        LockConfig settings = spec.config();
        var address = spec.link().map(link -> link.endFor(server.address())).orElseGet(server::address);
        var backend = ToyBackend.open(address, settings, fault);
        try {
            return LockClient.of(backend, settings);
        } catch (RuntimeException refused) {
            backend.close();
            throw refused;
        }
    }

    /** For other JVMs that have the tests' class path. */
    @Override
    public Map<String, String> processConfig() {
        return Map.of("uri", "toy://127.0.0.1:" + server.address().getPort(), "fault", fault.name());
    }

    @Override
    public Timing timing() {
        return Timing.defaults().withRecheck(ToyContender.RECHECK);
    }

    @Override
    public Optional<StoreInspector> store() {
        return Optional.of(new ToyInspector(server));
    }

    @Override
    public Optional<NetworkControl> network() {
        return Optional.of(network);
    }

    @Override
    public void close() {
        server.close();
    }
}
