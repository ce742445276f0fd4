// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import java.util.List;

/**
 * A command of Redis, as text. Immutable.
 *
 * @param verb its name, in capitals
 * @param arguments all that follows
 */
record Command(String verb, List<String> arguments) {
    static Command of(String verb, String... arguments) {
        return new Command(verb, List.of(arguments));
    }

    /** The key, which stands first in all commands here that have one; those without may go to any server. */
    String key() {
        return arguments.isEmpty() ? "" : arguments.get(0);
    }
}
