// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Map;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;

/** The Docker of this machine, as Testcontainers finds it. */
final class Docker {
    /** Testcontainers' helper that cleans up after killed JVMs; it would be published on all addresses. */
    private static final String NO_RYUK = "TESTCONTAINERS_RYUK_DISABLED";

    private static final String HOST = "DOCKER_HOST";

    private Docker() {}

    /** {@return connected} */
    static DockerClient client() {
        return client(System.getenv(), () -> DockerClientFactory.instance().client());
    }

    static DockerClient client(Map<String, String> environment, Supplier<DockerClient> testcontainers) {
        if (!Boolean.parseBoolean(environment.get(NO_RYUK))) {
            throw new IllegalStateException(ServerMode.KEY + " = docker needs the environment variable " + NO_RYUK
                    + " = true: Testcontainers would start a helper that listens on all addresses; servers that were"
                    + " left behind are removed by the next start");
        }
        try {
            return testcontainers.get();
        } catch (RuntimeException e) {
            String host = environment.get(HOST);
            throw new IllegalStateException(
                    ServerMode.KEY + " = docker: no Docker answers ("
                            + (host == null ? HOST + " is not set" : HOST + " = " + host)
                            + "); start it, or leave the property out for local processes",
                    e);
        }
    }

    /** Ends and removes a container with its volumes, unless somebody else has or does. */
    static void remove(DockerClient client, String container) {
        try {
            client.removeContainerCmd(container)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException | ConflictException removedOrBeingRemoved) {
            // Testcontainers has an exit hook, too
        }
    }
}
