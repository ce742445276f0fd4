// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.HolderInfo;
import io.interlock.spi.OwnerId;
import io.interlock.tck.Command.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Query;

/** Knows what the lock wants with a statement, by the statements that the backend sends. Immutable. */
final class SqlKinds implements Function<String, Kind> {
    private static final LockKey KEY = LockKey.of("default", "any");
    private static final OwnerId ANYBODY = new OwnerId(1, 1);
    private static final Duration LEASE = Duration.ofSeconds(1);

    private final Map<Pattern, Kind> kinds = new LinkedHashMap<>();

    SqlKinds(MysqlOptions options) {
        var statements = new Statements(options.table());
        HolderInfo holder =
                new HolderInfo("host", 1, "thread", Optional.empty(), Optional.empty(), OptionalLong.empty());
        // the stricter ones first: what one of them is would be one of the others, too
        put(statements.deleteLive(KEY, ANYBODY), Kind.RELEASE);
        put(statements.freeLive(KEY, ANYBODY), Kind.RELEASE);
        put(statements.delete(KEY, ANYBODY), Kind.UNDO);
        put(statements.free(KEY, ANYBODY), Kind.UNDO);
        put(statements.look(KEY), Kind.LOOK);
        put(statements.renew(KEY, ANYBODY, LEASE), Kind.RENEW);
        put(statements.insert(KEY, ANYBODY, LEASE, holder), Kind.ACQUIRE);
        put(statements.takeOver(KEY, ANYBODY, ANYBODY, LEASE, holder), Kind.ACQUIRE);
        put(statements.takeRow(KEY, ANYBODY, LEASE, 1, holder), Kind.ACQUIRE);
    }

    @Override
    public Kind apply(String sql) {
        return kinds.entrySet().stream()
                .filter(known -> known.getKey().matcher(sql).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Kind.OTHER);
    }

    /** Drivers put the values into the text. */
    private void put(Query query, Kind kind) {
        String text =
                Stream.of(query.getSQL().split("\\?", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        kinds.put(Pattern.compile(text, Pattern.DOTALL), kind);
    }
}
