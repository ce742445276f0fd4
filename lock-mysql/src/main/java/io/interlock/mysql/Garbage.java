// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.util.List;
import java.util.function.Function;
import org.jooq.Query;

/**
 * What a variant leaves behind and how it is cleared away. Immutable.
 *
 * @param often looked for at every purge
 * @param seldom looked for at every sixtieth purge, because the whole table is read for it
 */
record Garbage(List<Kind> often, List<Kind> seldom) {
    /**
     * Rows of one table.
     *
     * @param find selects keys of rows that may go, a batch of them, without locking any
     * @param delete deletes the row of one key if it may still go: it may have been renewed or taken since
     */
    record Kind(Query find, Function<LockKey, Query> delete) {}
}
