// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.Finding;
import io.interlock.LockBackendException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What one server tells of itself, and what that means for locks. Changes nothing. */
final class Diagnosis {
    private static final int OLDEST_TESTED = 7;

    private final ServerInfo info;
    private final RedisOptions options;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(ServerInfo info, RedisOptions options) {
        this.info = info;
        this.options = options;
    }

    /** Asks every server that keeps locks. */
    static List<Finding> run(RedisStore store, RedisOptions options) throws InterruptedException {
        List<ServerPool> servers = store.servers();
        var findings = new ArrayList<Finding>();
        if (options.variant().isUnsafe()) {
            findings.add(Finding.error(
                    "variant " + options.variant().text()
                            + " has known holes: two clients may hold a lock, or none for ever",
                    "use variant=lua; this one is there to be compared with"));
        }
        for (ServerPool server : servers) {
            List<Finding> its = of(server, options);
            findings.addAll(
                    servers.size() == 1 ? its : attributed(its, server.errors().address()));
        }
        return findings;
    }

    /** One that refuses {@code INFO} to this user is a finding too. */
    static List<Finding> of(ServerPool server, RedisOptions options) throws InterruptedException {
        StoreCall call = StoreCall.begin("diagnosis", options.callTimeout());
        try {
            String reply = Replies.text(server.converse(call, false, asked -> asked.command(Command.of("INFO"))));
            return of(ServerInfo.parse(Objects.requireNonNullElse(reply, "")), options);
        } catch (LockBackendException e) {
            if (!RedisErrors.isRefusedByRights(e)) {
                throw e;
            }
            return List.of(Finding.warning(
                    "this user may not ask the server for INFO, so nothing could be looked at",
                    "give the user the right: ACL SETUSER … +info"));
        }
    }

    static List<Finding> of(ServerInfo info, RedisOptions options) {
        return new Diagnosis(info, options).findings();
    }

    /** With the name of the server, where there are several. */
    static List<Finding> attributed(List<Finding> findings, String server) {
        return findings.stream()
                .map(finding -> new Finding(finding.severity(), server + ": " + finding.what(), finding.remedy()))
                .toList();
    }

    private List<Finding> findings() {
        version();
        role();
        eviction();
        persistence();
        replication();
        return List.copyOf(findings);
    }

    private void version() {
        String version = info.text("redis_version").orElse("of unknown version");
        findings.add(
                Finding.info("Redis " + version + ", " + info.text("redis_mode").orElse("mode unknown")));
        info.text("redis_version")
                .flatMap(ServerInfo::major)
                .filter(major -> major < OLDEST_TESTED)
                .ifPresent(major -> findings.add(Finding.warning(
                        "the server is older than any that these locks are tested with (" + OLDEST_TESTED + ".0)",
                        "use a newer one")));
    }

    private void role() {
        if (info.is("role", "slave")) {
            findings.add(Finding.error(
                    "the server is a replica: it refuses to lock, and would forget if it did not",
                    "connect to the master, or let the address lead to it"));
        }
    }

    private void eviction() {
        String policy = info.text("maxmemory_policy").orElse("noeviction");
        boolean limited = info.number("maxmemory").orElse(0L) > 0;
        if (!policy.equals("noeviction")) {
            String what = "(maxmemory-policy = " + policy + ")";
            String remedy = "set maxmemory-policy noeviction, or keep locks on a server that is no cache";
            findings.add(
                    limited
                            ? Finding.error(
                                    "the server may throw held locks away when its memory is full " + what, remedy)
                            : Finding.warning(
                                    "the server would throw held locks away if its memory were limited " + what,
                                    remedy));
        }
        info.number("evicted_keys")
                .filter(evicted -> evicted > 0)
                .ifPresent(evicted -> findings.add(Finding.warning(
                        "the server has thrown " + evicted + " keys away since it was started",
                        "see that none of them was a lock: set maxmemory-policy noeviction")));
    }

    private void persistence() {
        if (info.is("aof_enabled", "0") && options.variant() != RedisOptions.Variant.REDLOCK) {
            findings.add(Finding.warning(
                    "the server keeps no log of its changes: when it crashes and comes back, it has forgotten the locks"
                            + " that are held",
                    "set appendonly yes, and appendfsync always if no lock may be forgotten; or wait for the longest lease"
                            + " before it is started again"));
        }
        for (String state : List.of("aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status")) {
            info.text(state)
                    .filter(status -> !status.equals("ok"))
                    .ifPresent(status -> findings.add(Finding.error(
                            "the server can't write to its disk (" + state + " = " + status
                                    + "), and refuses to lock as long as it is set to",
                            "look at the server's log: the disk may be full")));
        }
    }

    private void replication() {
        long replicas = info.number("connected_slaves").orElse(0L);
        int awaited = options.waitReplicas();
        if (replicas > 0 && options.variant() == RedisOptions.Variant.REDLOCK) {
            findings.add(Finding.error(
                    "the node has replicas (" + replicas
                            + "): one that takes over has lost locks without having been started"
                            + " again, and nobody sees it",
                    "take the replicas away; redlock's nodes are independent"));
        } else if (replicas < awaited) {
            findings.add(Finding.error(
                    "the server has " + replicas + " replicas, and every grant waits for " + awaited
                            + ": nothing can be locked",
                    "bring the replicas back, or lower waitReplicas"));
        } else if (replicas > 0 && awaited == 0) {
            findings.add(Finding.warning(
                    "the server has replicas (" + replicas
                            + "), which hear of a lock after its holder: a failover can forget it",
                    "set waitReplicas, or let the protected resource check fencing tokens"));
        }
    }
}
