// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How MariaDB is run. Immutable.
 *
 * @param options of the command line
 */
record MariaDbRecipe(List<String> options) implements ServerRecipe {
    MariaDbRecipe {
        options = List.copyOf(options);
    }

    @Override
    public String name() {
        return "MariaDB";
    }

    @Override
    public String kind() {
        return "mariadb";
    }

    /** With a port: images start a server without one first, to install it. */
    @Override
    public Pattern ready() {
        return Pattern.compile("ready for connections\\.\\s+Version: '.*port: [1-9]");
    }

    @Override
    public Pattern version() {
        return Pattern.compile("Version: '([0-9.]+)[^0-9.]");
    }

    @Override
    public List<String> processCommand(ServerHome home, Path folder, int port) throws IOException {
        var installed = MariaDbInstallation.of(home);
        SqlSettings.provide(installed.data(), folder);
        var command = new ArrayList<>(
                List.of(installed.executable().toString(), "--no-defaults", "--innodb-undo-tablespaces=0"));
        command.addAll(SqlSettings.process(installed.storage(), options, folder, port));
        return command;
    }

    @Override
    public ContainerRecipe container() {
        return new ContainerRecipe(
                "mariadb:10.11",
                SqlSettings.CONTAINER_PORT,
                SqlSettings.container(options),
                Map.of("MARIADB_RANDOM_ROOT_PASSWORD", "yes", "MARIADB_ROOT_HOST", "localhost"),
                SqlSettings.containerFiles());
    }
}
