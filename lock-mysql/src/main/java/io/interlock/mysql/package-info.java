// SPDX-License-Identifier: Apache-2.0
/**
 * Locks in a table of a MySQL or MariaDB database, by inserting and deleting rows ({@code insert-delete}) or by updating
 * one row a lock ({@code row}).
 *
 * <p>Applications open {@code mysql://} or {@code mariadb://} URIs, add one of the two drivers to their class path, and
 * need nothing of this package. Who already owns a {@link javax.sql.DataSource} begins at
 * {@link io.interlock.mysql.MysqlLocks}.
 *
 * <p>jOOQ, which builds the statements, greets once at level INFO in the logger {@code org.jooq.Constants}; set that logger
 * to WARN where nobody wants to read it.
 */
@org.jspecify.annotations.NullMarked
package io.interlock.mysql;
