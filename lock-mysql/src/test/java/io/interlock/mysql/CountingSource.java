// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;

/** Counts the statements that pass through a data source, and what the server answered to those that failed. Thread-safe. */
final class CountingSource {
    private final Map<String, LongAdder> statements = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    /** {@return the same data source, seen} */
    DataSource around(DataSource source) {
        return proxy(DataSource.class, (self, method, args) -> {
            Object result = call(() -> method.invoke(source, args));
            return result instanceof Connection connection ? counted(connection) : result;
        });
    }

    private Connection counted(Connection connection) {
        return proxy(Connection.class, (self, method, args) -> {
            Object result = call(() -> method.invoke(connection, args));
            return result instanceof PreparedStatement statement ? counted(statement, (String) args[0]) : result;
        });
    }

    private PreparedStatement counted(PreparedStatement statement, String sql) {
        String verb = sql.substring(0, sql.indexOf(' ')).toUpperCase(Locale.ROOT);
        return proxy(PreparedStatement.class, (self, method, args) -> {
            if (method.getName().startsWith("execute")) {
                add(statements, verb);
            }
            try {
                return call(() -> method.invoke(statement, args));
            } catch (SQLException e) {
                add(errors, verb + " " + e.getErrorCode());
                throw e;
            }
        });
    }

    /** {@return by the first word of the statement} */
    Map<String, Long> statements() {
        return sums(statements);
    }

    /** {@return by the first word of the statement, and the server's number, such as {@code INSERT 1213}} */
    Map<String, Long> errors() {
        return sums(errors);
    }

    void reset() {
        statements.clear();
        errors.clear();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        var sums = new TreeMap<String, Long>();
        counts.forEach((what, count) -> sums.put(what, count.sum()));
        return sums;
    }

    private static void add(Map<String, LongAdder> counts, String what) {
        counts.computeIfAbsent(what, first -> new LongAdder()).increment();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Invocation invocation) throws Throwable {
        try {
            return invocation.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Invocation {
        Object run() throws ReflectiveOperationException;
    }
}
