// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.NotVerified;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Virtual threads, by reflection: the kit runs on Java 17 too, which has none. */
final class VirtualThreads {
    private static final int FIRST_JAVA = 21;

    private VirtualThreads() {}

    /**
     * Starts one.
     *
     * @throws NotVerified if this Java has none
     */
    static Thread start(Runnable body) {
        if (Runtime.version().feature() < FIRST_JAVA) {
            throw new NotVerified("needs Java 21 or later, for virtual threads; this is "
                    + Runtime.version().feature());
        }
        try {
            Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            return (Thread) start.invoke(null, body);
        } catch (InvocationTargetException | IllegalAccessException | NoSuchMethodException impossible) {
            throw new LinkageError("this Java has no virtual threads although it should", impossible);
        }
    }
}
