// SPDX-License-Identifier: Apache-2.0
package io.interlock;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A connection URI, taken apart: {@code scheme://user:password@host:port,host:port/path?key=value}, or
 * {@code scheme:path?key=value}.
 *
 * <p>Not {@link java.net.URI}: that has no list of hosts, refuses {@code memory:}, and shows passwords in its messages.
 * Immutable.
 */
record ConnectionUri(
        String scheme,
        Optional<String> user,
        Optional<String> password,
        String hostList,
        String path,
        Map<String, String> query) {
    private static final Pattern SHAPE = Pattern.compile(
            "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(//(?<authority>[^/?]*))?(?<path>[^?]*)(\\?(?<query>.*))?");
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
    private static final Pattern HOST =
            Pattern.compile("(?<host>\\[[0-9A-Fa-f:.%]+\\]|[^:\\[\\]\\s]+)(:(?<port>\\d{1,5}))?");

    static ConnectionUri parse(String uri) {
        Matcher parts = SHAPE.matcher(uri);
        if (uri.indexOf('#') >= 0 || !parts.matches()) {
            throw new LockConfigException("uri: not of the form scheme://user:password@host:port/path?key=value"
                    + " (a '#', '/', '?' or '@' inside a user or password must be percent-encoded)");
        }
        if (parts.group("path").indexOf('@') >= 0) {
            // an unencoded '/' in a password ends the authority early, and the rest of the secret would be shown as
            // path
            throw new LockConfigException(
                    "uri: '@' in the path; a '/', '?', '#' or '@' inside a user or password must be"
                            + " percent-encoded");
        }
        String authority = Optional.ofNullable(parts.group("authority")).orElse("");
        String query = Optional.ofNullable(parts.group("query")).orElse("");
        int at = authority.lastIndexOf('@');
        if (at < 0 && query.indexOf('@') >= 0 && !hasPortsOnly(authority)) {
            // an unencoded '?' in a password: what looks like a host and a setting are the two halves of a secret
            throw new LockConfigException(
                    "uri: '@' after the '?'; a '/', '?', '#' or '@' inside a user or password must be"
                            + " percent-encoded");
        }
        String userInfo = at < 0 ? "" : authority.substring(0, at);
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        return new ConnectionUri(
                parts.group("scheme").toLowerCase(Locale.ROOT),
                Optional.of(decode("user", user)).filter(u -> !u.isEmpty()),
                colon < 0 ? Optional.empty() : Optional.of(decode("password", userInfo.substring(colon + 1))),
                authority.substring(at + 1),
                decode("path", parts.group("path")),
                parseQuery(query));
    }

    private static boolean hasPortsOnly(String authority) {
        return Stream.of(authority.split(",", -1))
                .allMatch(part -> HOST.matcher(part).matches());
    }

    /** The hosts, in order. */
    List<InetSocketAddress> hosts(int defaultPort) {
        var hosts = new ArrayList<InetSocketAddress>();
        for (String part : hostList.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches()) {
                throw new LockConfigException("uri host '" + part + "': must be host or host:port");
            }
            int port = host.group("port") == null ? defaultPort : Integer.parseInt(host.group("port"));
            if (port < 1 || port > 65535) {
                throw new LockConfigException("uri port " + port + " of host '" + part + "': must be from 1 to 65535");
            }
            hosts.add(InetSocketAddress.createUnresolved(host.group("host").replaceAll("[\\[\\]]", ""), port));
        }
        return List.copyOf(hosts);
    }

    private static Map<String, String> parseQuery(String query) {
        var settings = new LinkedHashMap<String, String>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                // the text itself is not shown: it may be a piece of a secret
                throw new LockConfigException("uri query: every setting must be of the form key=value");
            }
            String key = decode("query", pair.substring(0, equals));
            if (!KEY.matcher(key).matches()) {
                throw new LockConfigException("uri query: a key has letters, digits, '.', '-' and '_' only; a '/', '?',"
                        + " '#' or '@' inside a user or password must be percent-encoded");
            }
            if (settings.put(key, decode(key, pair.substring(equals + 1))) != null) {
                throw new LockConfigException(key + ": given twice in the uri");
            }
        }
        return settings;
    }

    /** Percent-decoding only: a plus sign is a plus sign, as in user info and path. */
    private static String decode(String what, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new LockConfigException("uri: malformed percent-encoding in " + what);
        }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return scheme + "://"
                + user.map(u -> u + (password.isPresent() ? ":***@" : "@")).orElse(password.isPresent() ? ":***@" : "")
                + hostList + path;
    }
}
