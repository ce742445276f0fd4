// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import io.interlock.LockConfig;
import io.interlock.LockConfigException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the server that a configuration names. */
final class MysqlConnector {
    private static final Logger LOG = LoggerFactory.getLogger(MysqlConnector.class);
    static final int DEFAULT_PORT = 3306;
    private static final Pattern DATABASE = Pattern.compile("/([A-Za-z0-9_$.-]{1,64})/?");

    /** What has no meaning in a driver's URL. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");

    private MysqlConnector() {}

    /** Proves that the server answers and has the tables; leaves nothing open if not. */
    static Database connect(LockConfig config, MysqlOptions options) {
        InetSocketAddress host = host(config);
        String database = database(config);
        var driver = MysqlDriver.find(config.scheme());
        Properties properties = properties(config, driver);
        String url = driver.urlPrefix() + bracketed(host.getHostString()) + ":" + host.getPort() + "/" + database;
        int size = config.count(MysqlSettings.POOL_SIZE, MysqlSettings.MAX_POOL_SIZE);
        var errors = new MysqlErrors(host.getHostString() + ":" + host.getPort() + "/" + database, config.password());
        proveReachable(driver, url, properties, errors, config);
        var opened = new Database(OwnPool.open(driver, url, properties, size, config.callTimeout()), errors);
        try {
            LockTables.of(options).prepare(opened, options);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** A connection beside the pool: a wrong password comes out at once, where the pool would go on trying. */
    private static void proveReachable(
            MysqlDriver driver, String url, Properties properties, MysqlErrors errors, LockConfig config) {
        var call = StoreCall.begin("connecting", config.callTimeout());
        try {
            Connection connection = driver.load().connect(url, (Properties) properties.clone());
            if (connection == null) {
                throw new SQLException("the driver refuses the url " + url);
            }
            connection.close();
        } catch (SQLException e) {
            LOG.debug("could not connect to {}", errors.address());
            throw errors.noConnection(call, e);
        }
    }

    private static Properties properties(LockConfig config, MysqlDriver driver) {
        var properties = new Properties();
        String timeout = Long.toString(config.callTimeout().toMillis());
        properties.setProperty("connectTimeout", timeout);
        properties.setProperty("socketTimeout", timeout);
        properties.setProperty("tcpKeepAlive", "true");
        // an update answers how many rows it matched, whether or not it changed them
        properties.setProperty("useAffectedRows", "false");
        config.user().ifPresent(user -> properties.setProperty("user", user));
        config.password().ifPresent(password -> properties.setProperty("password", password));
        driver.set(properties, MysqlSettings.tls(config));
        return properties;
    }

    private static InetSocketAddress host(LockConfig config) {
        List<InetSocketAddress> hosts = config.hosts(DEFAULT_PORT);
        if (hosts.size() != 1) {
            throw new LockConfigException("uri: has " + hosts.size() + " hosts; locks are kept on one server");
        }
        if (!HOST.matcher(hosts.get(0).getHostString()).matches()) {
            throw new LockConfigException(
                    "uri host '" + hosts.get(0).getHostString() + "': must be a name or an address");
        }
        return hosts.get(0);
    }

    private static String database(LockConfig config) {
        var path = DATABASE.matcher(config.path());
        if (!path.matches()) {
            throw new LockConfigException("uri path '" + config.path()
                    + "': must be the name of a database, such as /locks, of A-Z a-z 0-9 _ $ . -");
        }
        return path.group(1);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }
}
