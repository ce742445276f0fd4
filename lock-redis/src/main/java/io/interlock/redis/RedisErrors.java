// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Turns the client library's exceptions into ours: what failed, where, in the store's own words, and whether it may
 * have happened all the same. Immutable.
 *
 * @param address the store, for messages
 * @param password what must not be shown: a server that does not know HELLO repeats its arguments in the error
 */
record RedisErrors(String address, Optional<String> password) {
    RedisErrors {
        // every text contains the empty one
        password = password.filter(secret -> !secret.isEmpty());
    }

    /** Nothing was sent. */
    LockBackendException beforeSending(StoreCall call, Exception e) {
        if (e instanceof NoSuchElementException) {
            // a pool that does not wait, or whose check of a connection failed, says so at once
            String limit = call.isSpent() ? " within " + call.timeout().toMillis() + " ms" : "";
            String advice = "; use a larger poolSize, or find out what keeps the connections (" + words(e) + ")";
            return failure(call, "no pooled connection became free" + limit + advice, e, false);
        }
        return failure(call, words(e), e, false);
    }

    /** The time was used up before anything was sent. */
    LockBackendException tooLate(StoreCall call) {
        return failure(call, "no connection within " + call.timeout().toMillis() + " ms", null, false);
    }

    /** Something was sent: only an error reply proves that it was not carried out. */
    LockBackendException afterSending(StoreCall call, RuntimeException e) {
        boolean replied = isReply(e);
        String words = replied ? words(e) : "no answer within " + call.timeout().toMillis() + " ms (" + words(e) + ")";
        return failure(call, words, e, !replied);
    }

    /** An error among the replies to several commands is thrown; anything else is handed back. */
    @Nullable
    Object checked(StoreCall call, @Nullable Object reply) {
        if (reply instanceof JedisDataException e) {
            throw afterSending(call, e);
        }
        return reply;
    }

    /** What was written stands on the master, and too few replicas have it. */
    LockBackendException unconfirmed(StoreCall call, long confirmed, Replication replication) {
        String words = "only " + confirmed + " of " + replication.replicas() + " replicas confirmed it within "
                + replication.timeout().toMillis() + " ms; it does not count";
        return failure(call, words, null, true);
    }

    /** Something failed after a part had been carried out, which stands. */
    LockBackendException torn(StoreCall call, RuntimeException e) {
        return failure(call, "half of it was carried out, and then: " + words(e), e, true);
    }

    /** No node of a cluster is known to serve a slot. */
    LockBackendException unserved(StoreCall call, int slot) {
        return failure(call, "no node is known to serve slot " + slot, null, false);
    }

    /** The key of a lock holds something that no lock made. */
    LockBackendException strangersText(StoreCall call) {
        return failure(call, "the key holds a text that no lock made", null, false);
    }

    /** What may be logged of an exception: its words, without the password. */
    String shown(Throwable e) {
        return masked(e.getClass().getSimpleName() + ": " + words(e));
    }

    /** The exception itself, or if it has the password in it, another one without. */
    RuntimeException safe(RuntimeException e) {
        String words = words(e);
        return masked(words).equals(words) ? e : new JedisException(masked(words));
    }

    /** Whether a reply, or one among several, tells that the server is no master any more, or has lost its own. */
    static boolean isOfReplica(@Nullable Object reply) {
        if (reply instanceof List<?> replies) {
            return replies.stream().anyMatch(RedisErrors::isOfReplica);
        }
        // contained, because an old server puts a script's name before it
        return reply instanceof JedisDataException e
                && e.getMessage() != null
                && (e.getMessage().contains("READONLY") || e.getMessage().contains("MASTERDOWN"));
    }

    /** Whether a node of a cluster does not see enough of the others to serve anything. */
    static boolean isCutOff(RuntimeException e) {
        return isReply(e) && e.getMessage() != null && e.getMessage().startsWith("CLUSTERDOWN");
    }

    /** Whether the server was too slow, which says nothing of the other connections to it. */
    static boolean isTimeout(Throwable e) {
        return e instanceof SocketTimeoutException || (e.getCause() != null && isTimeout(e.getCause()));
    }

    /** Whether a server carried out nothing because the keys are at another one, or half on their way to it. */
    static boolean isElsewhere(RuntimeException e) {
        return e instanceof JedisRedirectionException
                || (isReply(e) && e.getMessage() != null && e.getMessage().startsWith("TRYAGAIN"));
    }

    /** Whether it is another server's turn for this once, rather than for good. */
    static boolean isAsk(JedisRedirectionException e) {
        return e instanceof JedisAskDataException;
    }

    /** Whether the store answered, if with an error; the connection is then in order. */
    static boolean isReply(RuntimeException e) {
        return e instanceof JedisDataException;
    }

    /** Whether the server knows the user, and that it may not do this. */
    static boolean isRefusedByRights(LockBackendException e) {
        return e.getCause() instanceof JedisDataException reply
                && String.valueOf(reply.getMessage()).startsWith("NOPERM");
    }

    /** Whether the server did not know the script, and so executed nothing. */
    static boolean isNoScript(RuntimeException e) {
        return e instanceof JedisNoScriptException;
    }

    private LockBackendException failure(StoreCall call, String words, @Nullable Exception cause, boolean ambiguous) {
        String message = "redis at " + address + ": " + call.what() + " failed: " + words;
        String masked = masked(message);
        return new LockBackendException(masked, masked.equals(message) ? cause : null, ambiguous);
    }

    private String masked(String message) {
        return password.map(secret -> message.replace(secret, "***")).orElse(message);
    }

    /** The messages of an exception, its causes and what it suppressed: Jedis hides "Connection refused" in there. */
    private static String words(Throwable e) {
        Set<String> words = new LinkedHashSet<>();
        collect(e, words);
        return words.isEmpty() ? e.getClass().getSimpleName() : String.join(": ", words);
    }

    private static void collect(@Nullable Throwable e, Set<String> words) {
        if (e == null) {
            return;
        }
        String message = e.getMessage();
        if (message != null && words.stream().noneMatch(said -> said.contains(message))) {
            // a wrapped exception's toString is its cause's message with the class name before it
            words.removeIf(message::contains);
            words.add(message);
        }
        collect(e.getCause(), words);
        for (Throwable suppressed : e.getSuppressed()) {
            collect(suppressed, words);
        }
    }
}
