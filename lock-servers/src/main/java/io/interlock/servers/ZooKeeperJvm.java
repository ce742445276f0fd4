// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The JVM in which ZooKeeper runs: the one that runs us, with no more on its class path than the server needs. */
final class ZooKeeperJvm {
    /** One class of each jar, all of them named: some are ZooKeeper's own needs, which we don't compile against. */
    private static final List<String> NEEDED = List.of(
            ZooKeeperMain.class.getName(),
            "org.apache.zookeeper.ZooKeeper",
            "org.apache.jute.Record",
            "org.slf4j.Logger",
            "com.codahale.metrics.Reservoir",
            "org.xerial.snappy.Snappy",
            "io.netty.handler.ssl.SslContext",
            "io.netty.buffer.ByteBuf",
            "io.netty.channel.Channel",
            "io.netty.handler.codec.ByteToMessageDecoder",
            "io.netty.util.ReferenceCounted");

    private ZooKeeperJvm() {}

    static Path executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * The arguments of the JVM, as lines of an argument file.
     *
     * @param flag one more for the JVM
     * @param config of the server
     */
    static List<String> arguments(String flag, Path config) {
        return Stream.of(
                        "-Xmx128m",
                        // the server is small and often started
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.awt.headless=true",
                        flag,
                        "-cp",
                        NEEDED.stream()
                                .map(ZooKeeperJvm::place)
                                .distinct()
                                .collect(Collectors.joining(File.pathSeparator)),
                        ZooKeeperMain.class.getName(),
                        config.toString())
                .map(ZooKeeperJvm::quoted)
                .toList();
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The jar or folder that a class comes from. */
    private static String place(String className) {
        try {
            Class<?> found = Class.forName(className, false, ZooKeeperJvm.class.getClassLoader());
            return Path.of(found.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("ZooKeeper's server needs " + className + " on the class path", e);
        }
    }
}
