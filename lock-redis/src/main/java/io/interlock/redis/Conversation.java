// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.LockBackendException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * What one call says to a server, on one connection. Confined to one thread.
 *
 * <p>Nothing is ever sent twice, except a script of which the server said that it does not know it.
 */
final class Conversation {
    private final Connection connection;
    private final StoreCall call;
    private final RedisErrors errors;
    private final boolean asking;
    private boolean begun;

    /**
     * Begins on a connection that is not used for anything else.
     *
     * @param asking whether the server was named for a key that is on its way to it, and must be told so
     */
    Conversation(Connection connection, StoreCall call, RedisErrors errors, boolean asking) {
        this.connection = connection;
        this.call = call;
        this.errors = errors;
        this.asking = asking;
    }

    /** Runs a script; by its short name if the server knows it. */
    @Nullable
    Object eval(Script script, List<String> keys, List<String> arguments) {
        try {
            return say("EVALSHA", scriptArguments(script.sha(), keys, arguments));
        } catch (RuntimeException e) {
            // NOSCRIPT proves that nothing ran, so that even a granting script may be sent once more
            if (!RedisErrors.isNoScript(e)) {
                throw e;
            }
            connection.setSoTimeout(call.leftMillis());
            return say("EVAL", scriptArguments(script.source(), keys, arguments));
        }
    }

    /** Runs one command. */
    @Nullable
    Object command(Command command) {
        return say(command.verb(), command.arguments());
    }

    /**
     * Runs commands in one round trip. An error reply to one of them is among the replies; the others count. Only if the
     * very first was not carried out because it belongs elsewhere, none counts.
     */
    List<?> commands(List<Command> commands) {
        for (var command : commands) {
            send(command.verb(), command.arguments());
        }
        List<Object> replies = connection.getMany(asking ? 2 * commands.size() : commands.size());
        List<Object> answers = asking ? everySecond(replies) : replies;
        if (!begun && answers.get(0) instanceof RuntimeException e && RedisErrors.isElsewhere(e)) {
            throw e;
        }
        begun = true;
        return answers;
    }

    /**
     * Waits until enough replicas have what was said before.
     *
     * @throws LockBackendException ambiguous, if they don't: what was said stands, and must be undone
     */
    void confirm(Replication replication) {
        if (!replication.isWanted()) {
            return;
        }
        connection.setSoTimeout(call.leftMillis());
        long confirmed = confirmed(replication);
        if (confirmed < replication.replicas()) {
            throw errors.unconfirmed(call, confirmed, replication);
        }
    }

    private long confirmed(Replication replication) {
        try {
            return Replies.number(command(replication.await(call)));
        } catch (RuntimeException e) {
            // a master that became a replica meanwhile, or a user without the right: what was said before stands
            throw RedisErrors.isReply(e) ? errors.torn(call, e) : e;
        }
    }

    private @Nullable Object say(String verb, List<String> arguments) {
        try {
            send(verb, arguments);
            Object answer = answer();
            begun = true;
            return answer;
        } catch (JedisRedirectionException e) {
            if (begun) {
                // half here and half there: to begin anew elsewhere would say the first half twice
                throw errors.torn(call, e);
            }
            throw e;
        }
    }

    /** Reads all that was asked for, whatever the first answer is: an unread one would be the next call's. */
    private @Nullable Object answer() {
        if (!asking) {
            return connection.getOne();
        }
        Object answer = connection.getMany(2).get(1);
        if (answer instanceof JedisDataException e) {
            throw e;
        }
        return answer;
    }

    private void send(String verb, List<String> arguments) {
        if (asking) {
            connection.sendCommand(Protocol.Command.ASKING);
        }
        connection.sendCommand(Protocol.Command.valueOf(verb), arguments.toArray(String[]::new));
    }

    /** Without the answers to ASKING. */
    private static List<Object> everySecond(List<Object> replies) {
        var answers = new ArrayList<Object>();
        for (int i = 1; i < replies.size(); i += 2) {
            answers.add(replies.get(i));
        }
        return answers;
    }

    private static List<String> scriptArguments(String script, List<String> keys, List<String> arguments) {
        var all = new ArrayList<String>(2 + keys.size() + arguments.size());
        all.add(script);
        all.add(Integer.toString(keys.size()));
        all.addAll(keys);
        all.addAll(arguments);
        return all;
    }
}
