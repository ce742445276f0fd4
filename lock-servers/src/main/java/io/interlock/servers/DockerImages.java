// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** Sees to it that an image is here. */
final class DockerImages {
    private DockerImages() {}

    /**
     * Fetches an image unless it is here. Asks once: Testcontainers goes on for minutes when the registry is out of
     * reach, by which time the test has run out of its own.
     *
     * @param key the property that names another one
     */
    static void require(DockerClient client, String image, String key) {
        try {
            // as Testcontainers will, when it makes the container
            var name = ImageNameSubstitutor.instance().apply(DockerImageName.parse(image));
            if (!isHere(client, name)) {
                client.pullImageCmd(name.getUnversionedPart())
                        .withTag(name.getVersionPart())
                        .start()
                        .awaitCompletion();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while image " + image + " was fetched", e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "image " + image + " is not here and can't be fetched; " + key + " names another one", e);
        }
    }

    private static boolean isHere(DockerClient client, DockerImageName name) {
        try {
            client.inspectImageCmd(name.asCanonicalNameString()).exec();
            return true;
        } catch (NotFoundException absent) {
            return false;
        }
    }
}
