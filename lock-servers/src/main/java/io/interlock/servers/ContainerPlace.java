// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A container, in which a server runs again after each end. */
final class ContainerPlace implements ServerPlace {
    /** A system property starts with this and ends with the kind of server: {@code lock.tck.image.redis}. */
    static final String IMAGE_KEY = "lock.tck.image.";

    private static final String LOOPBACK = "127.0.0.1";
    private static final int CONNECT_MILLIS = 2_000;

    private final ServerRecipe recipe;
    private final DockerClient client;
    private final RunFolder folder;
    private final String image;
    private @Nullable String container;

    private ContainerPlace(ServerRecipe recipe, String image, DockerClient client, RunFolder folder) {
        this.recipe = recipe;
        this.image = image;
        this.client = client;
        this.folder = folder;
    }

    /** Finds Docker and the image, after sweeping up what killed JVMs left behind. */
    static ContainerPlace open(ServerRecipe recipe) throws IOException {
        var client = Docker.client();
        String key = IMAGE_KEY + recipe.kind();
        String image = System.getProperty(key, recipe.container().image());
        DockerImages.require(client, image, key);
        var home = ServerHome.ofUser();
        StaleContainers.sweep(client, home);
        return new ContainerPlace(recipe, image, client, home.newRun(recipe.kind()));
    }

    @Override
    public ContainerRun launch(int port) throws IOException {
        String known = container;
        var run = known == null ? createAndStart(port) : startAgain(known, port);
        if (!run.awaitReady(recipe.ready())) {
            throw new IllegalStateException(StartFailure.message(recipe.name(), port, run.log()));
        }
        requireReachable(port);
        return run;
    }

    private ContainerRun createAndStart(int port) throws IOException {
        var made = newContainer(port);
        try {
            made.start();
        } catch (RuntimeException e) {
            // Testcontainers has removed it
            throw StartFailure.of(recipe.name(), port, messages(e), e);
        }
        container = made.getContainerId();
        return new ContainerRun(client, container, 0, log -> recipe.toldByContainer(log, port));
    }

    private ContainerRun startAgain(String known, int port) {
        int before = ContainerRun.log(client, known).length();
        try {
            client.startContainerCmd(known).exec();
        } catch (DockerException e) {
            throw StartFailure.of(recipe.name(), port, messages(e), e);
        }
        return new ContainerRun(client, known, before, log -> recipe.toldByContainer(log, port));
    }

    private GenericContainer<?> newContainer(int port) throws IOException {
        ContainerRecipe inside = recipe.container();
        var made = new GenericContainer<>(DockerImageName.parse(image))
                .withCommand(inside.command().toArray(String[]::new))
                .withEnv(inside.environment())
                .withLabel(StaleContainers.FOLDER, folder.path().toString())
                .withCreateContainerCmdModifier(command -> publish(command, port, inside.port()))
                .withStartupCheckStrategy(NoWait.FOR_A_START)
                .waitingFor(NoWait.FOR_READINESS);
        inside.files().forEach((path, text) -> made.withCopyToContainer(Transferable.of(text), path));
        return made;
    }

    /** Publishes one port, on the loopback address; Testcontainers would take all addresses. */
    private static void publish(CreateContainerCmd command, int outside, int inside) {
        var port = ExposedPort.tcp(inside);
        command.withExposedPorts(port);
        command.getHostConfig()
                .withPublishAllPorts(false)
                .withPortBindings(new PortBinding(Ports.Binding.bindIpAndPort(LOOPBACK, outside), port));
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
    }

    /** A container that is ready and can't be reached is on another machine, or this JVM is in a container itself. */
    private static void requireReachable(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the container is published on " + LOOPBACK + ":" + port
                            + " of Docker's machine, which is not this one; use the Docker of this machine",
                    e);
        }
    }

    /** A container's data is in the container. */
    @Override
    public void wipe() {
        String known = container;
        if (known != null) {
            Docker.remove(client, known);
            container = null;
        }
    }

    @Override
    public String label() {
        return "container " + image;
    }

    @Override
    public Path folder() {
        return folder.path();
    }

    @Override
    public void close() {
        try {
            wipe();
        } finally {
            folder.close();
        }
    }
}
