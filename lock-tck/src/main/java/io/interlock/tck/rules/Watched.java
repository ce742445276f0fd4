// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.run.Trial;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Objects that nobody should remember once they were used. Confined to one thread. */
final class Watched {
    /** After a collection each; longer ones for what a timer or an idle thread still has to let go. */
    static final List<Duration> PAUSES = Stream.of(1, 50, 100, 200, 400, 800, 1_600, 3_200)
            .map(Duration::ofMillis)
            .toList();

    private final List<WeakReference<Object>> objects = new ArrayList<>();

    /** Adds an object that the caller drops. */
    <T> T add(T object) {
        objects.add(new WeakReference<>(object));
        return object;
    }

    void clear() {
        objects.clear();
    }

    /** Demands that the garbage collector may have them all but a few: those that a buffer has of the last ones. */
    void requireCollected(Trial trial, int butFew, String use) throws InterruptedException {
        for (Duration pause : PAUSES) {
            if (left().size() > butFew) {
                System.gc();
                trial.pass(pause);
            }
        }
        List<Object> left = left();
        if (left.size() > butFew) {
            var types = new TreeSet<String>();
            left.forEach(object -> types.add(object.getClass().getSimpleName()));
            throw new AssertionError("of " + objects.size() + " objects that " + use + ", " + left.size()
                    + " are still reachable: " + types);
        }
    }

    private List<Object> left() {
        var left = new ArrayList<Object>();
        for (WeakReference<Object> reference : objects) {
            Object object = reference.get();
            if (object != null) {
                left.add(object);
            }
        }
        return left;
    }
}
