// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.HolderInfo;
import io.interlock.LockOptions;
import io.interlock.spi.LockRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the requests of one client: who asks, and how long each call may take. Thread-safe. */
final class Requests {
    private final Duration callTimeout;
    private final boolean sessionBound;
    private final EngineRuntime runtime;
    private final String host = hostName();
    private final long pid = ProcessHandle.current().pid();

    /**
     * The requests of a client.
     *
     * @param sessionBound whether it is a session that is kept alive, and not each lease by calls of its own
     */
    Requests(Duration callTimeout, boolean sessionBound, EngineRuntime runtime) {
        this.callTimeout = callTimeout;
        this.sessionBound = sessionBound;
        this.runtime = runtime;
    }

    Acquisition acquisition(String name, LockOptions options, boolean waiting) {
        var site = CallSite.here();
        var holder = new HolderInfo(
                host,
                pid,
                site.threadName(),
                options.label(),
                Optional.of(runtime.time().now()),
                OptionalLong.empty());
        var request = new LockRequest(name, options.lease(), waiting, 1, holder, timeout(options.lease()));
        return new Acquisition(request, options, site, runtime.time().monotonicNanos());
    }

    /** A call that takes longer than this would leave too little of the lease for the retry of a renewal. */
    private Duration timeout(Duration lease) {
        Duration third = lease.dividedBy(3);
        return sessionBound || callTimeout.compareTo(third) < 0 ? callTimeout : third;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }
}
