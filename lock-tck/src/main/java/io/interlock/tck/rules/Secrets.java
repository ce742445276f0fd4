// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.Capability;
import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockConfig;
import io.interlock.tck.ClientSpec;
import io.interlock.tck.run.Trial;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Looks for passwords, the backend's and one made up, in everything that a client shows. Thread-safe. */
final class Secrets {
    private static final String MADE_UP = "tck-s3cret-Zq7pX";

    private final Trial trial;
    private final Map<String, String> config;
    private final Set<String> secrets = new LinkedHashSet<>(Set.of(MADE_UP));
    private final Map<String, String> shown = new ConcurrentHashMap<>();

    Secrets(Trial trial) {
        this.trial = trial;
        config = trial.backend().applicationConfig();
        if (!config.isEmpty()) {
            LockConfig.of(config).password().ifPresent(secrets::add);
        }
    }

    /** Makes clients and failures, and keeps what they say. */
    void provoke() throws Exception {
        try (LockClient client = trial.backend().newClient(ClientSpec.direct())) {
            see(client);
        }
        open(ClientSpec.direct().with("password", MADE_UP));
        open(ClientSpec.direct().with("password", MADE_UP).with("tck-unknown", MADE_UP));
        open(ClientSpec.direct().with("user", "tck").with("password", MADE_UP).with("lease", "soon"));
        if (!config.isEmpty()) {
            configure(config);
            configure(with("password", MADE_UP));
            configure(with(
                    "uri", config.getOrDefault("uri", "").replaceFirst("://([^@/]*@)?", "://tck:" + MADE_UP + "@")));
            configure(with("uri", config.get("uri") + "#" + MADE_UP));
            configure(with("uri", "tck-unknown://tck:" + MADE_UP + "@127.0.0.1"));
        }
    }

    private Map<String, String> with(String key, String value) {
        var more = new HashMap<>(config);
        more.put(key, value);
        return more;
    }

    private void open(ClientSpec spec) {
        try (LockClient client = trial.backend().newClient(spec)) {
            see(client);
        } catch (Exception refused) {
            see("the refusal of " + spec.settings().keySet(), refused);
        }
    }

    private void configure(Map<String, String> settings) {
        try {
            LockConfig made = LockConfig.of(settings);
            shown.put("a configuration of " + new TreeMap<>(settings).keySet(), made.toString());
            try (LockClient client = LockClient.open(made)) {
                see(client);
            }
        } catch (Exception refused) {
            see("the refusal of a configuration of " + new TreeMap<>(settings).keySet(), refused);
        }
    }

    private void see(LockClient client) throws InterruptedException {
        shown.put("toString() of a client", client.toString());
        DistributedLock lock = client.lock(trial.name());
        shown.put("toString() of a lock", lock.toString());
        shown.put("toString() of a view", lock.asLock().toString());
        try (Lease lease = trial.take(lock)) {
            shown.put("toString() of a lease", lease.toString());
            if (trial.declares(Capability.INSPECT)) {
                shown.put("toString() of the holder", client.holder(lock.name()).toString());
            }
            try {
                lock.acquire(Duration.ofMillis(1));
            } catch (RuntimeException timeout) {
                see("a timeout", timeout);
            }
        }
        client.close();
        try {
            lock.tryAcquire();
        } catch (RuntimeException closed) {
            see("the refusal by a closed client", closed);
        }
    }

    private void see(String what, Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text)); // with all causes
        shown.merge(what, text.toString(), String::concat);
    }

    /** Demands that nothing that was shown has a secret in it. */
    void requireNotShown() {
        shown.forEach(this::requireNotIn);
    }

    /** Demands that a text has none of the secrets in it; the message has none, too. */
    void requireNotIn(String where, String text) {
        Expect.that(secrets.stream().noneMatch(text::contains), "a password is shown in " + where);
    }
}
