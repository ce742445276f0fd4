// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Removes containers whose JVM was killed before it could remove them. */
final class StaleContainers {
    /** On each container: the folder whose lock its JVM holds for as long as it lives. */
    static final String FOLDER = "io.interlock.servers.folder";

    private StaleContainers() {}

    /** Removes the orphaned containers of one home; those of other homes are none of its business. */
    static void sweep(DockerClient client, ServerHome home) throws IOException {
        home.exclusively(() -> {
            for (Container container : client.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(List.of(FOLDER))
                    .exec()) {
                Path folder = Path.of(container.getLabels().getOrDefault(FOLDER, ""));
                // a folder that is gone had no owner when it was removed
                if (folder.startsWith(home.run()) && RunFolder.isOrphaned(folder)) {
                    Docker.remove(client, container.getId());
                }
            }
            return home;
        });
    }
}
