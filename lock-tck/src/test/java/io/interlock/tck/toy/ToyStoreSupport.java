// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import io.interlock.LockConfig;
import io.interlock.tck.StoreInspector;
import io.interlock.tck.StoreSupport;
import io.interlock.tck.Timing;
import io.interlock.tck.WireFormat;
import java.util.Optional;
import java.util.Set;

/** What the kit knows of toy stores in this JVM. */
public final class ToyStoreSupport implements StoreSupport {
    /** For {@link java.util.ServiceLoader}. */
    public ToyStoreSupport() {}

    @Override
    public Set<String> schemes() {
        return Set.of("toy");
    }

    @Override
    public int defaultPort() {
        return ToyLockProvider.DEFAULT_PORT;
    }

    @Override
    public Timing timing(LockConfig config) {
        return Timing.defaults().withRecheck(ToyContender.RECHECK);
    }

    @Override
    public StoreInspector inspector(LockConfig config) {
        return new ToyInspector(server(config, "inspector"));
    }

    @Override
    public String server(LockConfig config) {
        return "toy store, in this JVM, on port "
                + server(config, "server").address().getPort();
    }

    @Override
    public Optional<WireFormat> wireFormat(LockConfig config) {
        return Optional.of(new ToyWireFormat());
    }

    private static ToyServer server(LockConfig config, String what) {
        int port = config.hosts(ToyLockProvider.DEFAULT_PORT).get(0).getPort();
        return ToyServer.running(port)
                .orElseThrow(() -> new IllegalStateException(what + ": no toy store on port " + port + " of this JVM"));
    }
}
