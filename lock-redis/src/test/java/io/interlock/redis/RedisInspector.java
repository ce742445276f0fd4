// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.tck.StoreInspector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import redis.clients.jedis.Protocol;

/** Looks at the keys, channels and connections of one Redis server. Thread-safe. */
final class RedisInspector implements StoreInspector {
    private static final String STRANGER = "f".repeat(32);
    private static final String STEAL_HASH = "if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end "
            + "local token = string.format('%.0f', tonumber(redis.call('GET', KEYS[2])) + 1) "
            + "redis.call('SET', KEYS[2], token) "
            + "redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token) "
            + "redis.call('PEXPIRE', KEYS[2], 86400000) "
            + "return redis.call('PEXPIRE', KEYS[1], ARGV[2])";

    private final RedisShell shell;
    private final RedisOptions options;

    RedisInspector(RedisShell shell, RedisOptions options) {
        this.shell = shell;
        this.options = options;
    }

    /** The lock's own key, and every other key of it that would stay for ever. */
    @Override
    public int entries(String name) {
        LockKeys keys = keys(name);
        return (int) (shell.number(Protocol.Command.EXISTS, keys.lock())
                + others(keys).stream().filter(key -> ttl(key) == -1).count());
    }

    /** The last token, and what blocks late requests: each goes by itself. */
    @Override
    public int counters(String name) {
        return (int) others(keys(name)).stream().filter(key -> ttl(key) >= 0).count();
    }

    @Override
    public OptionalInt waiters(String name) {
        return polls()
                ? OptionalInt.empty()
                : OptionalInt.of((int) subscribers(keys(name).channel()));
    }

    @Override
    public Optional<Duration> timeToLive(String name) {
        if (isTimestamp()) {
            return written(name).map(entry -> entry.left(Instant.now())).filter(left -> !left.isNegative());
        }
        long millis = ttl(keys(name).lock());
        if (millis == -2) {
            return Optional.empty();
        }
        return Optional.of(millis == -1 ? Duration.ofDays(365_000) : Duration.ofMillis(millis));
    }

    @Override
    public Map<String, String> frozenKeys() {
        return Map.of(
                "orders/42", "interlock:{default:orders/42}",
                "größe {7}", "interlock:{default:größe {7}}",
                "a:b", "interlock:{default:a:b}");
    }

    @Override
    public boolean hasKey(String key) {
        return shell.number(Protocol.Command.EXISTS, key) == 1;
    }

    /** Counts what was read from clients, since commands inside of scripts are none of their requests. */
    @Override
    public long commandCount() {
        long reads = Long.parseLong(shell.info("stats", "total_reads_processed"));
        return reads - shell.requests();
    }

    @Override
    public int connections() {
        return (int) shell.text(Protocol.Command.CLIENT, "LIST")
                .lines()
                .filter(line -> line.contains(" name=interlock "))
                .count();
    }

    @Override
    public int subscriptions() {
        return shell.list(Protocol.Command.PUBSUB, "CHANNELS", "interlock:{*}:free")
                .size();
    }

    @Override
    public boolean steal(String name, Duration lease) {
        LockKeys keys = keys(name);
        String millis = Long.toString(lease.toMillis());
        if (isTimestamp()) {
            return rewrite(name, new TextEntry(STRANGER, "stranger"), lease);
        }
        if (polls()) {
            return shell.call(Protocol.Command.SET, keys.lock(), STRANGER + " stranger", "XX", "PX", millis) != null;
        }
        return shell.number(Protocol.Command.EVAL, STEAL_HASH, "2", keys.lock(), keys.fence(), STRANGER, millis) == 1;
    }

    @Override
    public boolean delete(String name) {
        return shell.number(Protocol.Command.DEL, keys(name).lock()) == 1;
    }

    @Override
    public boolean expire(String name) {
        if (isTimestamp()) {
            return written(name)
                    .filter(entry -> rewrite(name, entry.entry(), Duration.ZERO))
                    .isPresent();
        }
        return shell.number(Protocol.Command.PEXPIRE, keys(name).lock(), "0") == 1;
    }

    @Override
    public void killSubscriptions() {
        shell.call(Protocol.Command.CLIENT, "KILL", "TYPE", "pubsub");
    }

    @Override
    public Foreign foreign() {
        String plain = "foreign:" + UUID.randomUUID();
        String alike = "interlock:" + UUID.randomUUID();
        shell.call(Protocol.Command.SET, plain, "untouched");
        shell.call(Protocol.Command.HSET, alike, "owner", "untouched");
        List<byte[]> before = List.of(dump(plain), dump(alike));
        return new Foreign() {
            @Override
            public boolean isUntouched() {
                return Arrays.equals(dump(plain), before.get(0))
                        && Arrays.equals(dump(alike), before.get(1))
                        && ttl(plain) == -1
                        && ttl(alike) == -1;
            }

            @Override
            public void close() {
                shell.call(Protocol.Command.DEL, plain, alike);
            }
        };
    }

    private byte[] dump(String key) {
        Object dump = shell.call(Protocol.Command.DUMP, key);
        return dump == null ? new byte[0] : (byte[]) dump;
    }

    private Optional<TimestampEntry> written(String name) {
        String text = shell.text(Protocol.Command.GET, keys(name).lock());
        var call = StoreCall.begin("looking at lock '" + name + "'", Duration.ofSeconds(2));
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(TimestampEntry.parse(new RedisErrors("the inspector", Optional.empty()), call, text));
    }

    private boolean rewrite(String name, TextEntry entry, Duration lease) {
        var changed = new TimestampEntry(Instant.now().plus(lease), entry);
        return shell.call(Protocol.Command.SET, keys(name).lock(), changed.text(), "XX") != null;
    }

    private boolean isTimestamp() {
        return options.variant() == RedisOptions.Variant.SETNX_TIMESTAMP;
    }

    private boolean polls() {
        return options.variant() != RedisOptions.Variant.LUA;
    }

    private LockKeys keys(String name) {
        return LockKeys.of(options.namespace(), name);
    }

    private long ttl(String key) {
        return shell.number(Protocol.Command.PTTL, key);
    }

    private long subscribers(String channel) {
        return (Long) shell.list(Protocol.Command.PUBSUB, "NUMSUB", channel).get(1);
    }

    private List<String> others(LockKeys keys) {
        String pattern = keys.lock().replaceAll("([\\\\*?\\[\\]])", "\\\\$1") + ":*";
        return shell.list(Protocol.Command.KEYS, pattern).stream()
                .map(key -> new String((byte[]) key, StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() {
        shell.close();
    }
}
