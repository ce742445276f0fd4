// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

/** Runs something once when an attempt reaches a point, while the client stands still there. */
final class StopAt implements Seam {
    private final Point where;
    private final Meddling meddling;
    private boolean done;

    StopAt(Point where, Meddling meddling) {
        this.where = where;
        this.meddling = meddling;
    }

    /** The client dies there: nothing of the attempt happens any more. */
    static StopAt dying(Point where) {
        return new StopAt(where, () -> {
            throw new ClientDied();
        });
    }

    @Override
    public void at(Point point) throws InterruptedException {
        if (point == where && !done) {
            done = true;
            meddling.run();
        }
    }

    /** What others do meanwhile. */
    interface Meddling {
        void run() throws InterruptedException;
    }

    /** The end of a process, as far as its attempt is concerned. */
    static final class ClientDied extends Error {
        private static final long serialVersionUID = 1L;
    }
}
