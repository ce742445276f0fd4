// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

/** A power that a rule needs over its surroundings. */
public enum Control {
    /** Over servers. */
    SERVER("S", "control over the server"),
    /** Over the network. */
    NETWORK("N", "control over the network"),
    /** A look into the store. */
    STORE("I", "a look into the store"),
    /** Over processes. */
    PROCESS("P", "clients in processes of their own"),
    /** Over clocks. */
    CLOCK("K", "control over clocks"),
    /** A pool or DataSource that belongs to the user. */
    POOL("J", "a connection pool of the user's");

    private final String letter;
    private final String words;

    Control(String letter, String words) {
        this.letter = letter;
        this.words = words;
    }

    /** {@return the letter that the catalogue uses} */
    public String letter() {
        return letter;
    }

    /** {@return what it is, in words} */
    public String words() {
        return words;
    }
}
