// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

/** One run of a server, from a start to its end. Thread-safe. */
interface ServerRun {
    /**
     * {@return the process id on this machine}
     *
     * @throws UnsupportedOperationException if there is none that can be relied on
     */
    long pid();

    /** {@return whether the server is there; a paused one is} */
    boolean isAlive();

    /**
     * Makes the server stand still, connections open: what a long garbage collection or a suspended machine does.
     *
     * @throws IllegalStateException if the server has ended
     */
    void pause();

    /**
     * Lets a paused server go on; one that is not paused is left as it is.
     *
     * @throws IllegalStateException if the server has ended
     */
    void resume();

    /** Asks the server to end, paused or not, and makes it if it does not. */
    void stop();

    /** Ends the server without giving it a chance to save anything. */
    void kill();

    /** {@return what the server has printed} */
    String log();

    /** {@return what the server has told of itself, in which the recipe's patterns are looked for} */
    String told();
}
