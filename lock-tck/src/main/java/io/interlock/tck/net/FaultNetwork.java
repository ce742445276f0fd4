// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import io.interlock.tck.Link;
import io.interlock.tck.NetworkControl;
import io.interlock.tck.WireFormat;
import java.util.Optional;

/** Links made of TCP proxies on the loopback address, in this JVM. Thread-safe. */
public final class FaultNetwork implements NetworkControl {
    private final Optional<WireFormat> format;

    /**
     * A network to stores that speak one language.
     *
     * @param format the language; empty: bytes are passed on unread, and links can't tell commands apart
     */
    public FaultNetwork(Optional<WireFormat> format) {
        this.format = format;
    }

    @Override
    public Link newLink() {
        return new FaultLink(format);
    }
}
