// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Path;

/** A folder of this machine, in which a server runs as one process after the other. */
final class ProcessPlace implements ServerPlace {
    private final ServerRecipe recipe;
    private final ServerHome home;
    private final RunFolder folder;

    private ProcessPlace(ServerRecipe recipe, ServerHome home, RunFolder folder) {
        this.recipe = recipe;
        this.home = home;
        this.folder = folder;
    }

    /** Makes the folder, after sweeping up what killed JVMs left behind. */
    static ProcessPlace open(ServerRecipe recipe) throws IOException {
        var home = ServerHome.ofUser();
        return new ProcessPlace(recipe, home, home.newRun(recipe.kind()));
    }

    @Override
    public ServerProcess launch(int port) throws IOException {
        var launched = ServerProcess.start(recipe.processCommand(home, folder.path(), port), folder);
        if (!launched.awaitReady(recipe.ready())) {
            throw StartFailure.of(recipe.name(), port, launched.log(), null);
        }
        return launched;
    }

    @Override
    public void wipe() throws IOException {
        folder.wipe();
    }

    @Override
    public String label() {
        return "process";
    }

    @Override
    public Path folder() {
        return folder.path();
    }

    @Override
    public void close() {
        folder.close();
    }
}
