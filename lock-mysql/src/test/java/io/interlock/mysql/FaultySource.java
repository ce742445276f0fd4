// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source whose statements fail as wished; it also counts, and shows what it was asked. */
final class FaultySource {
    private final TestDatabase database;
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile String beginning = "none";
    private final AtomicInteger times = new AtomicInteger();
    private volatile Supplier<@Nullable SQLException> failure = SQLException::new;
    private volatile boolean afterwards;

    FaultySource(TestDatabase database) {
        this.database = database;
    }

    /** The next statements that begin with these words are not carried out and fail. */
    void fail(String words, int howOften, Supplier<@Nullable SQLException> with) {
        beginning = words;
        times.set(howOften);
        failure = with;
        afterwards = false;
    }

    /** The next statements that begin with these words are carried out, and fail all the same. */
    void failAfterwards(String words, int howOften, Supplier<@Nullable SQLException> with) {
        fail(words, howOften, with);
        afterwards = true;
    }

    /** The next statements that begin with these words are carried out, and answer that they changed no row. */
    void answerZero(String words, int howOften) {
        failAfterwards(words, howOften, () -> null);
    }

    /** How many failures are left to come. */
    int left() {
        return times.get();
    }

    /** Connections that were not given back. */
    int open() {
        return open.get();
    }

    List<String> statements() {
        return statements;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                throw new UnsupportedOperationException(method.getName());
            }
            open.incrementAndGet();
            return connection(database.connect());
        });
    }

    static SQLException deadlock() {
        return new SQLException("Deadlock found when trying to get lock; try restarting transaction", "40001", 1213);
    }

    static SQLException lockWaitTimeout() {
        return new SQLException("Lock wait timeout exceeded; try restarting transaction", "HY000", 1205);
    }

    static SQLException brokenConnection() {
        return new SQLException("Communications link failure", "08S01", 0);
    }

    private Connection connection(Connection real) {
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("close")) {
                open.decrementAndGet();
            }
            Object result = method.invoke(real, arguments);
            return method.getName().equals("prepareStatement")
                    ? statement((PreparedStatement) result, (String) arguments[0])
                    : result;
        });
    }

    private PreparedStatement statement(PreparedStatement real, String sql) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            boolean execution = method.getName().startsWith("execute");
            boolean fails = execution && times.get() > 0 && sql.startsWith(beginning);
            if (execution) {
                statements.add(sql);
            }
            if (fails) {
                times.decrementAndGet();
                if (afterwards) {
                    method.invoke(real, arguments);
                }
                SQLException wished = failure.get();
                if (wished == null) {
                    return 0;
                }
                throw wished;
            }
            return method.invoke(real, arguments);
        });
    }

    private interface Call {
        Object of(java.lang.reflect.Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Override
    public String toString() {
        return "faulty " + beginning.toLowerCase(Locale.ROOT);
    }
}
