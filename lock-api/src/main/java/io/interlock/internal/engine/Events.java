// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.LockListener;
import io.interlock.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The listeners of one client. Thread-safe. */
final class Events {
    private final Executor executor;
    private final List<SerialListener<LockListener>> listeners = new CopyOnWriteArrayList<>();

    Events(Executor executor) {
        this.executor = executor;
    }

    Registration register(LockListener listener) {
        var added = new SerialListener<>(listener, executor);
        listeners.add(added);
        return () -> listeners.remove(added);
    }

    void tell(Consumer<LockListener> event) {
        add(event);
        start();
    }

    /** Adds an event without starting its calls: for callers that hold a lock. */
    void add(Consumer<LockListener> event) {
        listeners.forEach(listener -> listener.add(event));
    }

    /** Starts the calls that were added. */
    void start() {
        listeners.forEach(SerialListener::start);
    }
}
