// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What there is to know of a store's server to run it anywhere. Each kind of server has one. */
interface ServerRecipe {
    /** {@return as in reports and messages, such as {@code Redis}} */
    String name();

    /** {@return the first part of folders' names and the last one of the property that chooses the image} */
    String kind();

    /** {@return found in what a server tells as soon as it is ready} */
    Pattern ready();

    /** {@return found in what a server tells that is ready; group 1 is the version} */
    Pattern version();

    /**
     * What the server in a container tells of itself. A process tells it in its log, since on its port a stranger may
     * answer; Docker publishes the port of this container and no other.
     *
     * @param log what was printed
     * @param port where it is published; nobody may listen there yet
     * @return the log, unless there are images that print nothing
     */
    default String toldByContainer(String log, int port) {
        return log;
    }

    /**
     * Prepares a start as a process, each time anew.
     *
     * @param home unpacks executables
     * @param folder for files; the same at every start
     * @param port to listen on, on the loopback address only
     * @return the executable and its arguments, of which one must name a file of the folder, so that a sweep knows the
     *     process again
     */
    List<String> processCommand(ServerHome home, Path folder, int port) throws IOException;

    /** {@return how to run it in a container} */
    ContainerRecipe container() throws IOException;
}
