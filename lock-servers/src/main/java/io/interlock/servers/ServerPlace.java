// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where one server has its data and runs, again after each end: a folder of this machine, or a container. Not
 * thread-safe.
 */
interface ServerPlace extends AutoCloseable {
    /**
     * Starts the server; one that ran here before has ended.
     *
     * @param port of the loopback address; the same as before
     * @return ready to be used
     * @throws PortTakenException if another process listens there; another port may be tried if this was the first start
     * @throws IllegalStateException if the server does not get ready; the message has the end of its log
     */
    ServerRun launch(int port) throws IOException;

    /** Removes the data of the server, which has ended: the next run finds nothing. */
    void wipe() throws IOException;

    /** {@return for reports, such as {@code process}} */
    String label();

    /** {@return the folder whose lock tells other JVMs that this one lives} */
    Path folder();

    /** Removes all that is left of the server, which has ended. */
    @Override
    void close();
}
