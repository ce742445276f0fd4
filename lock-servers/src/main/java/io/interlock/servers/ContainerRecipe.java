// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.util.List;
import java.util.Map;

/**
 * How a server runs in a container. Immutable.
 *
 * @param image the official image, used unless a property names another one
 * @param port inside the container, where the server listens on all addresses, or nobody would reach it
 * @param command in place of the image's own
 * @param environment what the image wants to be told in variables
 * @param files by their absolute paths in the container; secrets belong here: anybody may read a command line
 */
record ContainerRecipe(
        String image, int port, List<String> command, Map<String, String> environment, Map<String, String> files) {
    ContainerRecipe {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        files = Map.copyOf(files);
    }
}
