// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link SqlServer}. Confined to one thread. */
public final class SqlServerBuilder {
    private final List<String> options = new ArrayList<>();
    private final Function<List<String>, ServerRecipe> recipe;
    private @Nullable Integer port;
    private @Nullable ServerMode mode;

    SqlServerBuilder(Function<List<String>, ServerRecipe> recipe) {
        this.recipe = recipe;
    }

    /**
     * Adds an option to the server's command line.
     *
     * @param option such as {@code --max-connections=20}
     * @return this
     */
    public SqlServerBuilder option(String option) {
        options.add(option);
        return this;
    }

    /**
     * Makes the server keep what is committed as it does by itself: flushed to the disk before it answers.
     *
     * @return this
     */
    public SqlServerBuilder durable() {
        return option("--innodb-flush-log-at-trx-commit=1")
                .option("--innodb-flush-method=fsync")
                .option("--innodb-doublewrite=1");
    }

    /**
     * Chooses the port, which must be free; one is found otherwise.
     *
     * @param port from 1 to 65535
     * @return this
     */
    public SqlServerBuilder port(int port) {
        this.port = port;
        return this;
    }

    /**
     * Starts the server. The first start on a machine unpacks and installs it, which takes some seconds.
     *
     * @return ready to be used
     * @throws IllegalStateException if it does not start; the message has the end of its log, or says that Docker was
     *     asked for and does not answer
     * @throws IllegalArgumentException if the system property {@code lock.tck.servers} is neither process nor docker
     */
    public SqlServer start() {
        try {
            ServerMode where = mode == null ? ServerMode.chosen() : mode;
            return new SqlServer(ManagedServer.start(recipe.apply(options), where, port));
        } catch (IOException e) {
            throw new UncheckedIOException("the database server could not be started", e);
        }
    }

    /** For tests of one of the ways to run it; the system property decides otherwise. */
    SqlServerBuilder in(ServerMode mode) {
        this.mode = mode;
        return this;
    }
}
