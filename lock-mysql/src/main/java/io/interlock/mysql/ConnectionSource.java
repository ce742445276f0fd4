// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalInt;

/** Where connections come from and go back to. Thread-safe. */
interface ConnectionSource {
    /**
     * Waits for a connection no longer than the call may take.
     *
     * @return in autocommit mode; the caller gives it back
     */
    Lent borrow(StoreCall call) throws SQLException, InterruptedException;

    /** {@return how many connections there may be at once; empty if that is the application's business} */
    OptionalInt size();

    /**
     * A connection broke before it answered anything, or leads to a server that takes no writes: so do those beside it, most
     * likely, which must not be lent again.
     */
    void foundDead();

    /** Ends what is ours. Bounded. */
    void close();

    /** A borrowed connection. Confined to the thread that borrowed it. */
    interface Lent {
        Connection connection();

        /**
         * Gives it back as it came; never throws, because what the store answered counts, whatever becomes of the
         * connection.
         *
         * @param broken whether it is of no use any more
         */
        void giveBack(boolean broken);
    }
}
