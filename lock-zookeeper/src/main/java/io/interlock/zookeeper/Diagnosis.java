// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;

/** What the ensemble tells of itself, and our session with it. Changes nothing. */
final class Diagnosis {
    /** A line of the ensemble's configuration; observers have no vote. */
    private static final Pattern MEMBER = Pattern.compile("(?m)^server\\.\\d+\\s*=.*$");

    private static final Pattern OBSERVER = Pattern.compile("(?m)^server\\.\\d+\\s*=.*:observer\\b.*$");

    private Diagnosis() {}

    static List<Finding> run(Ensemble ensemble, Parts parts, Call call) throws InterruptedException, KeeperException {
        Session session = parts.sessions().current(call);
        var findings = new ArrayList<Finding>();
        findings.add(members(call, session));
        findings.add(session(session, ensemble.askedTimeout()));
        findings.addAll(life(session.isReadOnly(), left(session, parts)));
        if (parts.options().acl() == ZooKeeperOptions.Acl.OPEN) {
            findings.add(
                    Finding.info(
                            "acl=open: everybody who reaches the ensemble can delete locks; auth=… and acl=creator prevent that"));
        }
        return findings;
    }

    /** What is surely left of the session; zero or less if nothing is sure. */
    private static Duration left(Session session, Parts parts) {
        return session.isValid()
                ? Duration.ofNanos(session.validUntil() - parts.context().nanoTime())
                : Duration.ZERO;
    }

    static List<Finding> life(boolean readOnly, Duration left) {
        var findings = new ArrayList<Finding>();
        if (readOnly) {
            findings.add(Finding.error(
                    "the server that we talk to is read-only: it has lost its ensemble",
                    "bring a majority of the servers back; nothing can be locked until then"));
        }
        if (left.compareTo(Duration.ZERO) > 0) {
            findings.add(Finding.info("the session surely lives for another " + left.toMillis() + " ms"));
        } else {
            findings.add(Finding.warning(
                    "it is not sure that our session lives: no heartbeat through the leader was answered in time",
                    "if it says so again, look at the leader's load and the network to it"));
        }
        return findings;
    }

    private static Finding members(Call call, Session session) throws InterruptedException, KeeperException {
        String config;
        try {
            config = call.await(session.requests().members()).data();
        } catch (KeeperException.NoAuthException | KeeperException.NoNodeException hidden) {
            return Finding.info("the ensemble does not tell how many servers it has: " + hidden.getMessage());
        }
        return members(config);
    }

    /** Of the ensemble's configuration; a server that stands alone has none. */
    static Finding members(String config) {
        long members = MEMBER.matcher(config).results().count();
        long voters = members - OBSERVER.matcher(config).results().count();
        if (voters <= 1) {
            return Finding.warning(
                    "the ensemble has one voting server: while it is down nobody can lock, and if its disk is lost, so are"
                            + " all locks and tokens",
                    "run three servers, or five");
        }
        if (voters % 2 == 0) {
            return Finding.warning(
                    "the ensemble has " + voters + " voting servers, and survives the loss of " + ((voters - 1) / 2)
                            + ", as " + (voters - 1) + " would",
                    "make it an odd number");
        }
        return Finding.info(
                "the ensemble has " + voters + " voting servers, and survives the loss of " + (voters - 1) / 2);
    }

    private static Finding session(Session session, Optional<Duration> asked) {
        long granted = session.timeout().toMillis();
        return asked.map(Duration::toMillis)
                .filter(wanted -> wanted != granted)
                .map(wanted -> Finding.warning(
                        "the session timeout is " + granted + " ms and not the " + wanted
                                + " ms that were asked for: the servers' minSessionTimeout and maxSessionTimeout bound it",
                        "set session=" + granted
                                + "ms, so that it is no surprise, or change the bounds at the servers"))
                .orElseGet(() -> Finding.info("the session timeout is " + granted
                        + " ms: as long after a crash of the holder others wait for the lock"));
    }
}
