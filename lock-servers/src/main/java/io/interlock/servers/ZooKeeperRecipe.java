// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * How ZooKeeper is run. Immutable.
 *
 * @param tick its unit of time; the shortest session has two
 * @param containerCheck how often it looks for empty containers
 * @param settings lines of the configuration file
 * @param member the number within an ensemble, whose members the settings name; empty: it stands alone
 */
record ZooKeeperRecipe(Duration tick, Duration containerCheck, List<String> settings, OptionalInt member)
        implements ServerRecipe {
    private static final int CONTAINER_PORT = 2181;

    ZooKeeperRecipe {
        settings = List.copyOf(settings);
    }

    @Override
    public String name() {
        return "ZooKeeper";
    }

    @Override
    public String kind() {
        return "zookeeper";
    }

    @Override
    public Pattern ready() {
        return version();
    }

    /** What the main program prints is in the form of the answer to the word srvr; the log may be read in mid-line. */
    @Override
    public Pattern version() {
        return Pattern.compile("Zookeeper version: (\\d+(?:\\.\\d+)*)[^\\d.]");
    }

    /** The log's level and place are the image's business. */
    @Override
    public String toldByContainer(String log, int port) {
        try {
            return FourLetterWords.ask(port, "srvr");
        } catch (IOException notYet) {
            return "";
        }
    }

    @Override
    public List<String> processCommand(ServerHome home, Path folder, int port) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        if (member.isPresent()) {
            Files.writeString(data.resolve("myid"), Integer.toString(member.getAsInt()));
        }
        Path config = folder.resolve("zoo.cfg");
        Files.write(config, lines(data, port));
        // in a file: the system shows the start of a command line only, and a sweep must find the folder in it
        Path arguments = folder.resolve("java.args");
        Files.write(arguments, ZooKeeperJvm.arguments(containerFlag(), config));
        return List.of(ZooKeeperJvm.executable().toString(), "@" + arguments);
    }

    /** Later lines win: callers may change times and limits, and can't open the server to the network. */
    private List<String> lines(Path data, int port) {
        var lines = new ArrayList<>(List.of(
                "tickTime=" + tick.toMillis(),
                "initLimit=100",
                "syncLimit=20",
                // the default, twenty ticks, is shorter than the sessions of applications
                "maxSessionTimeout=60000",
                // all clients of a test come from one address
                "maxClientCnxns=0",
                // in kilobytes; the default makes a file of 64 MB in each folder
                "preAllocSize=1024"));
        lines.addAll(settings);
        lines.addAll(List.of(
                "admin.enableServer=false",
                "4lw.commands.whitelist=*",
                "dataDir=" + data,
                "clientPort=" + port,
                "clientPortAddress=127.0.0.1"));
        return lines;
    }

    private String containerFlag() {
        return "-Dznode.container.checkIntervalMs=" + containerCheck.toMillis();
    }

    @Override
    public ContainerRecipe container() {
        var extra = new ArrayList<>(List.of("maxSessionTimeout=60000"));
        extra.addAll(settings);
        Map<String, String> environment = Map.of(
                "ZOO_TICK_TIME",
                Long.toString(tick.toMillis()),
                "ZOO_MAX_CLIENT_CNXNS",
                "0",
                "ZOO_ADMINSERVER_ENABLED",
                "false",
                "ZOO_4LW_COMMANDS_WHITELIST",
                "*",
                "ZOO_CFG_EXTRA",
                String.join(" ", extra),
                "JVMFLAGS",
                containerFlag());
        return new ContainerRecipe("zookeeper:3.9", CONTAINER_PORT, List.of(), environment, Map.of());
    }
}
