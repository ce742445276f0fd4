// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import io.interlock.spi.ConfigOption;
import io.interlock.spi.ConfigOption.Unit;
import java.util.List;

/** The settings that every backend has. */
final class EngineOptions {
    static final ConfigOption NAMESPACE = ConfigOption.of(
            "namespace",
            Unit.TEXT,
            "default",
            "Separates the locks of applications that share a store; 1 to 64 characters of A-Z a-z 0-9 . _ -");
    static final ConfigOption VARIANT =
            ConfigOption.optional("variant", "The protocol, where a backend has several; see its table of variants.");
    static final ConfigOption ALLOW_UNSAFE = ConfigOption.of(
            "allowUnsafe", Unit.FLAG, "false", "Admits variants with a known hole, for demonstrations.");
    static final ConfigOption LEASE = ConfigOption.of(
            "lease",
            Unit.DURATION,
            "30s",
            "Default lease time, 100ms to 24h. Short: a crashed holder blocks others less. Long: longer outages are survived.");
    static final ConfigOption CALL_TIMEOUT = ConfigOption.of(
            "callTimeout",
            Unit.DURATION,
            "2s",
            "Bound of each call to the store, 10ms to 60s; never more than a third of the lease, except where grants live"
                    + " with a session.");
    static final ConfigOption OUTAGE_LIMIT = ConfigOption.of(
            "outageLimit",
            Unit.DURATION,
            "30s",
            "How long an unlimited wait goes on while the store fails, before it throws.");
    static final ConfigOption USER =
            ConfigOption.optional("user", "The store's user; the URI's user info does as well.");
    static final ConfigOption PASSWORD =
            ConfigOption.secret("password", "The store's password; the URI's user info does as well.");

    /** In the order in which people should read them. */
    static final List<ConfigOption> ALL =
            List.of(NAMESPACE, VARIANT, ALLOW_UNSAFE, LEASE, CALL_TIMEOUT, OUTAGE_LIMIT, USER, PASSWORD);

    private EngineOptions() {}
}
