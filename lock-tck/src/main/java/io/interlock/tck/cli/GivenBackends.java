// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the command again where the kit and the given jars have one class loader, as an application has its libraries:
 * what only the thread's class loader sees would be gone with the first thread that has another.
 */
final class GivenBackends {
    private static final String OPTION = "--backend";

    private GivenBackends() {}

    /** {@return the exit code} */
    static int run(List<Path> jars, String name, PrintWriter out, PrintWriter err, List<String> args)
            throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(urls(jars), parent())) {
            thread.setContextClassLoader(loader);
            return (int) Class.forName(Main.class.getName(), true, loader)
                    .getMethod("tck", String.class, PrintWriter.class, PrintWriter.class, List.class)
                    .invoke(null, name, out, err, others(args));
        } catch (ReflectiveOperationException e) {
            throw new IOException("the kit can't be loaded again beside the given backends: " + e, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A kit that is a module is not on the class path, and stays where it is. */
    private static ClassLoader parent() {
        return Main.class.getModule().isNamed() ? Main.class.getClassLoader() : ClassLoader.getPlatformClassLoader();
    }

    private static URL[] urls(List<Path> jars) throws IOException {
        var urls = new ArrayList<URL>();
        for (Path jar : jars) {
            if (!Files.exists(jar)) {
                throw new NoSuchFileException(jar + ": there is no such jar");
            }
            urls.add(url(jar));
        }
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!path.isEmpty()) {
                urls.add(url(Path.of(path)));
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private static List<String> others(List<String> args) {
        var others = new ArrayList<String>();
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).equals(OPTION)) {
                i++; // its value
            } else if (!args.get(i).startsWith(OPTION + "=")) {
                others.add(args.get(i));
            }
        }
        return others;
    }
}
