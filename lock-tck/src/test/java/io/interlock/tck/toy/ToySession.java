// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One client's connection, as the store sees it: a line in, a line out, and a line when a watched lock becomes free. */
final class ToySession implements Consumer<String> {
    private final ToyStore store;
    private final AtomicLong commands;
    private final ToyWire wire;
    private volatile boolean watches;

    ToySession(ToyStore store, AtomicLong commands, Socket socket) throws IOException {
        this.store = store;
        this.commands = commands;
        wire = new ToyWire(socket);
    }

    void serve() {
        try {
            while (true) {
                String line = wire.read(0);
                commands.incrementAndGet();
                wire.write(answer(line.split(" ", -1)));
            }
        } catch (IOException ended) {
            // by either side
        } finally {
            store.unwatchAll(this);
            close();
        }
    }

    /** Tells the client something it did not ask for. */
    @Override
    public void accept(String line) {
        try {
            wire.write(line);
        } catch (IOException ended) {
            close();
        }
    }

    boolean watches() {
        return watches;
    }

    void close() {
        wire.close();
    }

    private String answer(String[] words) {
        String key = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "ACQUIRE" -> store.acquire(key, words[2], number(words[3]), (int) number(words[4]), words[5]);
            case "SETNX" -> store.setIfAbsent(key, words[2], (int) number(words[3]), words[4]);
            case "EXPIRE" -> flag(store.expireIn(key, number(words[2])));
            case "GET" -> store.owner(key).orElse("-");
            case "DEL" -> flag(store.delete(key));
            case "RENEW" -> store.renew(key, words[2], number(words[3]));
            case "RELEASE" -> flag(store.release(key, words[2]));
            case "UNDO" -> undo(key, words[2], number(words[3]));
            case "HOLDER" -> store.describe(key);
            case "FORCE" -> flag(store.forceRelease(key, number(words[2])));
            case "WATCH" -> watch(key);
            case "UNWATCH" -> unwatch(key);
            case "PING" -> "PONG";
            default -> "ERROR unknown command " + words[0];
        };
    }

    private String undo(String key, String owner, long blockMicros) {
        store.undo(key, owner, blockMicros);
        return "DONE";
    }

    private String watch(String key) {
        watches = true;
        store.watch(key, this);
        return "WATCHING " + key;
    }

    private String unwatch(String key) {
        store.unwatch(key, this);
        return "UNWATCHED " + key;
    }

    private static long number(String word) {
        return Long.parseLong(word);
    }

    private static String flag(boolean yes) {
        return yes ? "1" : "0";
    }
}
