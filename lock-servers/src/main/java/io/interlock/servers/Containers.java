// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;

/** The door to all that needs Testcontainers: behind it, or nowhere, its classes are loaded. */
final class Containers {
    private static final String NEEDED = "org.testcontainers.containers.GenericContainer";

    private Containers() {}

    /** Makes a place for a container, or says in a sentence why there can't be one. */
    static ServerPlace open(ServerRecipe recipe) throws IOException {
        try {
            Class.forName(NEEDED, false, Containers.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    ServerMode.KEY + " = docker needs org.testcontainers:testcontainers on the class path", e);
        }
        return ContainerPlace.open(recipe);
    }
}
