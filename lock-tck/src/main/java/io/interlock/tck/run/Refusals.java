// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import io.interlock.Lease;
import io.interlock.LockClient;
import io.interlock.LockConfigException;
import io.interlock.UnsupportedCapabilityException;
import io.interlock.tck.ClientSpec;

/** Honesty: what a backend does not declare, it must refuse. */
public final class Refusals {
    private Refusals() {}

    /**
     * Tries to use a capability that is not declared.
     *
     * @throws AssertionError if that works
     */
    public static void verify(Trial trial, Capability capability) {
        requireIsRefused(trial, capability);
        try (LockClient client = trial.backend().newClient(ClientSpec.direct())) {
            String name = trial.name();
            switch (capability) {
                case FENCING -> refuses(capability, () -> withLease(trial, client, name, Lease::fencingToken));
                case EXTEND ->
                    refuses(
                            capability,
                            () -> withLease(
                                    trial,
                                    client,
                                    name,
                                    l -> l.renew(trial.bounds().lease())));
                case INSPECT -> refuses(capability, () -> client.holder(name));
                case FORCE_RELEASE -> refuses(capability, () -> client.forceRelease(name, 1));
                default -> {
                    // a promise without a call: require() was all there is to refuse
                }
            }
        }
    }

    private interface Use {
        Object of(Lease lease);
    }

    private static void withLease(Trial trial, LockClient client, String name, Use use) {
        try (Lease lease = trial.take(client.lock(name))) {
            use.of(lease);
        }
    }

    private static void requireIsRefused(Trial trial, Capability capability) {
        try {
            trial.backend().newClient(ClientSpec.direct().requiring(capability)).close();
        } catch (LockConfigException expected) {
            if (!String.valueOf(expected.getMessage()).contains(capability.name())) {
                throw new AssertionError(
                        "require(" + capability + ") is refused without naming it: " + expected.getMessage(), expected);
            }
            return;
        }
        throw new AssertionError(capability + " is not declared, and a client that requires it opens all the same");
    }

    private static void refuses(Capability capability, Runnable call) {
        try {
            call.run();
        } catch (UnsupportedCapabilityException expected) {
            if (!String.valueOf(expected.getMessage()).contains(capability.name())) {
                throw new AssertionError(
                        "a call that needs " + capability + " is refused without naming it: " + expected.getMessage());
            }
            return;
        }
        throw new AssertionError(capability + " is not declared, and its call works all the same");
    }
}
