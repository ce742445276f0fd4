// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How MySQL 8 is run. Immutable.
 *
 * @param options of the command line
 */
record MySqlRecipe(List<String> options) implements ServerRecipe {
    /** Its own protocol listens on all addresses otherwise. */
    private static final String NO_X_PROTOCOL = "--skip-mysqlx";

    /** The default one asks drivers for TLS, or for an option that trusts any server's key. */
    private static final String PLAIN_PASSWORDS = "--default-authentication-plugin=mysql_native_password";

    MySqlRecipe {
        options = List.copyOf(options);
    }

    @Override
    public String name() {
        return "MySQL";
    }

    @Override
    public String kind() {
        return "mysql";
    }

    /** With a port: images start a server without one first, to install it. */
    @Override
    public Pattern ready() {
        return Pattern.compile("ready for connections\\. Version: '.*port: [1-9]");
    }

    @Override
    public Pattern version() {
        return Pattern.compile("Version: '([0-9.]+)[^0-9.]");
    }

    @Override
    public List<String> processCommand(ServerHome home, Path folder, int port) throws IOException {
        var installed = MySqlInstallation.of(home);
        SqlSettings.provide(installed.data(), folder);
        var command = new ArrayList<>(List.of(installed.executable().toString(), "--no-defaults", PLAIN_PASSWORDS));
        command.addAll(SqlSettings.process(installed.storage(), options, folder, port));
        command.add(NO_X_PROTOCOL);
        return command;
    }

    @Override
    public ContainerRecipe container() {
        var command = new ArrayList<>(List.of(PLAIN_PASSWORDS));
        command.addAll(SqlSettings.container(options));
        command.add(NO_X_PROTOCOL);
        return new ContainerRecipe(
                "mysql:8.0",
                SqlSettings.CONTAINER_PORT,
                command,
                Map.of("MYSQL_RANDOM_ROOT_PASSWORD", "yes", "MYSQL_ROOT_HOST", "localhost"),
                SqlSettings.containerFiles());
    }
}
