// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.tck.net.FaultNetwork;
import java.util.Optional;

/** Power over the network between clients and store: makes links, each with faults of its own. Thread-safe. */
public interface NetworkControl {
    /** {@return a new healthy link to every server of the store; the kit closes it} */
    Link newLink();

    /**
     * The kit's own network: TCP proxies on the loopback address, for any store. Its links can't tell commands apart.
     *
     * @return makes links that own a daemon thread each
     */
    static NetworkControl loopback() {
        return new FaultNetwork(Optional.empty());
    }

    /**
     * The kit's own network, for a store whose language it can read.
     *
     * @param format the language that clients speak on every connection over a link
     * @return makes links that own a daemon thread each
     */
    static NetworkControl loopback(WireFormat format) {
        return new FaultNetwork(Optional.of(format));
    }
}
