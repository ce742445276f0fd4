// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.servers.RedisServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module of its own, whose locks are modules or not; each in a JVM that is started for it. */
class ModulePathTest {
    private static final Pattern MODULES_OF_API =
            Pattern.compile("lock-api[-/].*|slf4j-api-.*|logback-(classic|core)-.*|jspecify-.*");
    private static final Pattern MODULES_OF_REDIS =
            Pattern.compile("lock-redis[-/].*|jedis-.*|commons-pool2-.*|gson-.*");
    private static final Pattern OF_THE_KIT = Pattern.compile(".*-tck\\.jar");

    @TempDir
    private static Path application;

    @AutoClose
    private final RedisServer redis = RedisServer.start();

    @BeforeAll
    static void compile() throws IOException {
        Path module = Files.writeString(application.resolve("module-info.java"), """
                module application {
                    requires io.interlock;
                }
                """);
        Path main = Files.createDirectories(application.resolve("application")).resolve("Main.java");
        Files.writeString(main, """
                package application;

                import io.interlock.Lease;
                import io.interlock.LockClient;

                public class Main {
                    public static void main(String[] uris) throws Exception {
                        System.out.println("library: " + LockClient.class.getModule());
                        for (String uri : uris) {
                            try (LockClient client = LockClient.open(uri);
                                    Lease lease = client.lock("orders/42").acquire()) {
                                System.out.println("held: " + lease.isHeld() + ", refused: "
                                        + client.lock("orders/42").tryAcquire().isEmpty());
                            }
                        }
                    }
                }
                """);
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--module-path",
                        paths(ModulePathTest::isOfApi),
                        module.toString(),
                        main.toString());
        assertThat(exitCode).isZero();
    }

    @Test
    void backendMayBeAModule() throws Exception {
        assertThat(run(path -> isOfApi(path) || isOfRedis(path), path -> false))
                .isEqualTo(List.of(
                        "library: module io.interlock", "held: true, refused: true", "held: true, refused: true"));
    }

    @Test
    void backendMayBeOnTheClassPath() throws Exception {
        assertThat(run(ModulePathTest::isOfApi, path -> !isOfApi(path)))
                .isEqualTo(List.of(
                        "library: module io.interlock", "held: true, refused: true", "held: true, refused: true"));
    }

    /** {@return what the application printed} */
    private List<String> run(Predicate<String> modules, Predicate<String> classPath)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--module-path",
                application + File.pathSeparator + paths(modules),
                // automatic modules, such as a backend, name no others that they need
                "--add-modules",
                "ALL-MODULE-PATH",
                "--module",
                "application/application.Main",
                "memory:",
                redis.uri()));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", paths(classPath));
        Process process = builder.start();
        try (var lines = process.inputReader()) {
            List<String> printed = lines.lines().toList();
            assertThat(process.waitFor()).as("exit code after %s", printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isOfApi(String path) {
        return matches(MODULES_OF_API, path);
    }

    private static boolean isOfRedis(String path) {
        return matches(MODULES_OF_REDIS, path) && !matches(OF_THE_KIT, path);
    }

    /** Of a jar its file's name tells, of a module's folder of classes its own name. */
    private static boolean matches(Pattern names, String path) {
        String unix = path.replace(File.separatorChar, '/');
        String name = unix.endsWith(".jar")
                ? unix.substring(unix.lastIndexOf('/') + 1)
                : unix.substring(unix.lastIndexOf('/', unix.indexOf("/target/") - 1) + 1);
        return names.matcher(name).matches();
    }

    private static String paths(Predicate<String> wanted) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(wanted)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
