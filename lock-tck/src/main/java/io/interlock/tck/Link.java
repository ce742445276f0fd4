// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A way from clients to the store on which the kit can make things go wrong: loopback proxies, one a server. A fault
 * holds for open and for new connections until {@link #heal}, and is in force when the call that sets it returns. Faults
 * may be set together. Thread-safe; after {@link #close}, calls throw {@link IllegalStateException}.
 *
 * <p>A connection that a fault ends is reset on the client's side. The server reads what had reached it, and then the
 * end: what is on its way to the store when a connection ends may still be carried out, as on a real network.
 */
public interface Link extends AutoCloseable {
    /**
     * Where clients connect instead of to a server. The proxy is made at the first call for a server, and need not find
     * the server until a client comes.
     *
     * @param server the server's own address
     * @return the loopback address of its proxy, the same each time
     * @throws IllegalArgumentException if the host is unknown
     */
    InetSocketAddress endFor(InetSocketAddress server);

    /** {@return for how many servers {@link #endFor} has been called: how many a client over it may talk to} */
    default int servers() {
        return 1;
    }

    /** Ends every open connection at once, with what is held on it. New ones are let through, unless the link is cut. */
    void reset();

    /**
     * Ends every open connection, with what is held on it, and every new one as soon as it is made: before a byte passes,
     * though maybe after the client's connect has succeeded.
     */
    void cut();

    /**
     * Lets bytes vanish in both directions while connections stay open, as behind a dead router. So do the ends of
     * connections: neither side learns that the other has hung up. New connections are made, and hear nothing.
     */
    void blackHole();

    /**
     * Lets bytes and ends vanish, as {@link #blackHole} does, on the connections that are open now; new ones work. So it
     * is when a firewall has forgotten its connections.
     */
    void goDeaf();

    /**
     * Makes every message late, in each direction, with the same delays in each run.
     *
     * @param least the shortest delay; a message is never earlier
     * @param most the longest; delays are drawn evenly from between, but nothing overtakes what was sent before it
     */
    default void delay(Duration least, Duration most) {
        delay(least, most, new Random(0));
    }

    /**
     * Makes every message late, in each direction.
     *
     * @param least the shortest delay; a message is never earlier
     * @param most the longest; delays are drawn evenly from between, but nothing overtakes what was sent before it
     * @param random draws the delays, on a thread of the link
     */
    void delay(Duration least, Duration most, RandomGenerator random);

    /**
     * Ends every fault. What was swallowed stays lost, and connections that have lost bytes are ended. What is late
     * arrives now, held commands go on, and faults that still wait for their command are forgotten. Does nothing on a
     * closed link.
     */
    void heal();

    /** {@return whether the link can tell commands apart; without that {@link #hold} and the like refuse} */
    boolean tellsCommandsApart();

    /** {@return whether to hold a command holds up every other call of its client, because they share a connection} */
    boolean callsShareConnections();

    /**
     * Stops the next command that matches, before the store sees it. Commands behind it on the same connection wait;
     * others go on, on other connections. If the client hangs up meanwhile, the command can still go on to the store.
     *
     * @param which what to wait for; asked on a thread of the link, so it must not block
     * @return the command that will be stopped; two holds stop two commands
     * @throws UnsupportedOperationException unless {@link #tellsCommandsApart}
     */
    Held hold(Predicate<Command> which);

    /**
     * Lets the next command that matches through, swallows its reply when it comes, and ends the connection. Replies
     * that were there before the command went on are passed on. What comes after it is taken for its reply: on a
     * connection that carries several requests at once, it may be the reply to an earlier one; the store reads the
     * command all the same.
     *
     * @param which whose reply to lose; asked on a thread of the link, so it must not block
     * @return tells when it has happened: the store has carried the command out, and the client won't hear of it
     * @throws UnsupportedOperationException unless {@link #tellsCommandsApart}
     */
    Fault loseReply(Predicate<Command> which);

    /**
     * Lets a number of commands through from now on, over all connections, and then cuts as {@link #cut} does: the last
     * one is carried out, its reply is lost, and what comes after it waits until then and never reaches the store.
     *
     * @param commands how many; at least 1
     * @return tells when it has happened: the store has carried out the last command, and the link is cut
     * @throws UnsupportedOperationException unless {@link #tellsCommandsApart}
     */
    Fault cutAfter(int commands);

    /**
     * Counts commands.
     *
     * @return how many went on to the store over this link, on all connections, ever
     * @throws UnsupportedOperationException unless {@link #tellsCommandsApart}
     */
    long commandCount();

    /** Ends every connection and the listeners; no thread is left when it returns. Idempotent. */
    @Override
    void close();

    /** A fault that waits for its command. Thread-safe. */
    interface Fault {
        /**
         * Waits until it has happened.
         *
         * @param most the longest wait
         * @return whether it has
         * @throws InterruptedException if the thread is interrupted
         * @throws IllegalStateException if it has not, because the clients speak another language than the link reads
         */
        boolean awaitHappened(Duration most) throws InterruptedException;

        /** {@return whether it has happened} */
        boolean hasHappened();

        /** {@return the command that it befell; empty: it has not happened} */
        Optional<Command> command();
    }

    /** A command that stands before the store's door. It has happened when the command stands there. */
    interface Held extends Fault {
        /**
         * Lets it go on, and returns when it is on its way to the store. If no command has come yet, none is stopped any
         * more. Does nothing the second time, nor when the connection was ended.
         */
        void letGo();

        /** Ends its connection; it never reaches the store. Otherwise as {@link #letGo}. */
        void drop();
    }
}
