// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.Capability;
import io.interlock.LossReason;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Grant;
import io.interlock.spi.RenewOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a grant, and takes whatever a broken backend throws for what it is: no answer. */
final class GrantCalls {
    private static final Logger log = LoggerFactory.getLogger(GrantCalls.class);

    private GrantCalls() {}

    static RenewOutcome renew(Grant grant, Duration lease, String lockName) {
        try {
            return grant.renew(lease);
        } catch (Throwable failed) { // an Error too: others wait for the answer
            log.debug("renewal of lock '{}' failed", lockName, failed);
            return RenewOutcome.UNKNOWN;
        }
    }

    static ReleaseOutcome release(Grant grant, String lockName) {
        try {
            return grant.release();
        } catch (Throwable failed) { // an Error too: others wait for the answer
            log.debug("release of lock '{}' failed", lockName, failed);
            return ReleaseOutcome.UNKNOWN;
        }
    }

    /** Why a lease ended whose last renewal had no answer. Of several nodes, some may have given one: only too few. */
    static LossReason reasonOfSilence(Set<Capability> declared) {
        return declared.contains(Capability.QUORUM) ? LossReason.QUORUM_LOST : LossReason.UNREACHABLE;
    }

    /** What the answer to a release tells of the time before it. */
    static Optional<LossReason> lossSeenAtRelease(boolean heldBefore, ReleaseOutcome answer) {
        return switch (answer) {
            case RELEASED -> Optional.empty();
            case NOT_HELD -> Optional.of(heldBefore ? LossReason.DELETED : LossReason.EXPIRED);
            case UNKNOWN -> heldBefore ? Optional.empty() : Optional.of(LossReason.UNREACHABLE);
        };
    }
}
