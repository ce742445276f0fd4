// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockConfigException;
import java.sql.Driver;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The drivers that applications may put on their class path; both speak to both servers. */
enum MysqlDriver {
    CONNECTOR_J("com.mysql.cj.jdbc.Driver", "jdbc:mysql://", "com.mysql:mysql-connector-j") {
        @Override
        void set(Properties properties, MysqlSettings.Tls tls) {
            // spares questions to the server about what we set ourselves
            properties.setProperty("useLocalSessionState", "true");
            properties.setProperty("cacheServerConfiguration", "true");
            switch (tls) {
                case DRIVER -> properties.setProperty(KEY_RETRIEVAL, "true");
                case REQUIRE -> properties.setProperty("sslMode", "REQUIRED");
                case VERIFY -> properties.setProperty("sslMode", "VERIFY_IDENTITY");
            }
        }
    },
    MARIADB("org.mariadb.jdbc.Driver", "jdbc:mariadb://", "org.mariadb.jdbc:mariadb-java-client") {
        @Override
        void set(Properties properties, MysqlSettings.Tls tls) {
            switch (tls) {
                case DRIVER -> properties.setProperty(KEY_RETRIEVAL, "true");
                case REQUIRE -> properties.setProperty("sslMode", "trust");
                case VERIFY -> properties.setProperty("sslMode", "verify-full");
            }
        }
    };

    /**
     * Lets MySQL 8 say how to encrypt the password where the connection is not encrypted. Who could forge that answer
     * could play the server as well, unless the server's name is checked.
     */
    private static final String KEY_RETRIEVAL = "allowPublicKeyRetrieval";

    private final String className;
    private final String urlPrefix;
    private final String artifact;

    MysqlDriver(String className, String urlPrefix, String artifact) {
        this.className = className;
        this.urlPrefix = urlPrefix;
        this.artifact = artifact;
    }

    /** Sets what is this driver's own. */
    abstract void set(Properties properties, MysqlSettings.Tls tls);

    String className() {
        return className;
    }

    String urlPrefix() {
        return urlPrefix;
    }

    /** The driver of the scheme's own maker if it is there, else the other one. */
    static MysqlDriver find(String scheme) {
        return find(
                scheme,
                MysqlDriver.class.getClassLoader(),
                Thread.currentThread().getContextClassLoader());
    }

    static MysqlDriver find(String scheme, @Nullable ClassLoader own, @Nullable ClassLoader context) {
        List<MysqlDriver> order =
                scheme.equals(MysqlSettings.MARIADB) ? List.of(MARIADB, CONNECTOR_J) : List.of(CONNECTOR_J, MARIADB);
        return order.stream()
                .filter(driver -> driver.isIn(own) || driver.isIn(context))
                .findFirst()
                .orElseThrow(() ->
                        new LockConfigException("uri scheme '" + scheme + "': no driver is on the class path; add "
                                + CONNECTOR_J.artifact + " or " + MARIADB.artifact));
    }

    /** For a connection beside the pool. */
    Driver load() {
        try {
            ClassLoader own = MysqlDriver.class.getClassLoader();
            ClassLoader loader = isIn(own) ? own : Thread.currentThread().getContextClassLoader();
            return Class.forName(className, true, loader)
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new LockConfigException("driver " + className + " of " + artifact + " can't be loaded: " + e, e);
        }
    }

    private boolean isIn(@Nullable ClassLoader loader) {
        try {
            Class.forName(className, false, loader);
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }
}
