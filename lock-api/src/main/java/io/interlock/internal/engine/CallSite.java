// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import java.lang.ref.WeakReference;

/** Where in the application a lock was asked for, and by whom; for messages about leaks and self-deadlocks. Immutable. */
final class CallSite {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String ENGINE = CallSite.class.getPackageName() + ".";

    private final String place;
    private final String threadName;
    private final WeakReference<Thread> thread; // weak: a lease must not keep the thread that acquired it alive

    private CallSite(String place, String threadName, WeakReference<Thread> thread) {
        this.place = place;
        this.threadName = threadName;
        this.thread = thread;
    }

    static CallSite here() {
        String place = WALKER.walk(
                frames -> frames.filter(frame -> !frame.getClassName().startsWith(ENGINE))
                        .findFirst()
                        .map(StackWalker.StackFrame::toString)
                        .orElse("an unknown place"));
        Thread caller = Thread.currentThread();
        return new CallSite(place, caller.getName(), new WeakReference<>(caller));
    }

    /** The same place, where a lock was asked for on behalf of somebody who is not known yet. */
    CallSite ofNobody() {
        return new CallSite(place, threadName, new WeakReference<>(null));
    }

    String threadName() {
        return threadName;
    }

    boolean isSameThread(CallSite other) {
        Thread mine = thread.get();
        return mine != null && mine == other.thread.get();
    }

    @Override
    public String toString() {
        return place + " (thread " + threadName + ")";
    }
}
