// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import java.util.Optional;

/** One node's answer to an acquisition. Immutable. */
sealed interface RedlockVote {
    /**
     * Ours, as far as this node is concerned.
     *
     * @param server the run id of the server that answered
     * @param candidate for the first token of the block
     */
    record Granted(String server, long candidate) implements RedlockVote {}

    /**
     * Another's, or this id was undone.
     *
     * @param holder who holds it, if the node told
     */
    record Refused(Optional<HolderInfo> holder) implements RedlockVote {}
}
