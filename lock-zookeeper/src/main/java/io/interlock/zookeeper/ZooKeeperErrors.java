// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import io.interlock.LockBackendException;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns ZooKeeper's exceptions into ours: what failed, where, in the store's own words, and whether it may have happened
 * all the same. Immutable. None of them has a secret in it.
 *
 * @param servers the ensemble, for messages
 */
record ZooKeeperErrors(String servers) {
    private static final Logger log = LoggerFactory.getLogger(ZooKeeperErrors.class);

    /** Nothing was sent. */
    LockBackendException notConnected(Call call) {
        return new LockBackendException(begin(call.what()) + "not connected to any server", null, false);
    }

    /** Something was sent, which changes nothing that matters. */
    LockBackendException failed(Call call, KeeperException said) {
        return new LockBackendException(begin(call.what()) + words(call, said), said, false);
    }

    /** Something was sent that may grant: only a refusal proves that it was not carried out. */
    LockBackendException grantingFailed(Call call, KeeperException said) {
        return new LockBackendException(begin(call.what()) + words(call, said), said, !isRefusal(said));
    }

    /** Nothing was granted. */
    LockBackendException unsure(Call call, KeeperException cause) {
        String words = "it is not sure yet that our session lives, not even after "
                + call.timeout().toMillis() + " ms";
        return new LockBackendException(begin(call.what()) + words, cause, false);
    }

    LockBackendException interrupted(Call call, InterruptedException e) {
        return new LockBackendException(begin(call.what()) + "interrupted", e, true);
    }

    LockBackendException broken(Call call, String what, @Nullable Exception cause) {
        return new LockBackendException(begin(call.what()) + what, cause, true);
    }

    void log(Exception e) {
        log.debug("zookeeper at {}", servers, e);
    }

    /** Whether the ensemble has looked at the request and said no. */
    static boolean isRefusal(KeeperException said) {
        return switch (said.code()) {
            case NONODE,
                    NOAUTH,
                    INVALIDACL,
                    QUOTAEXCEEDED,
                    BADARGUMENTS,
                    UNIMPLEMENTED,
                    NOTREADONLY,
                    NOCHILDRENFOREPHEMERALS,
                    NODEEXISTS,
                    BADVERSION,
                    THROTTLEDOP -> true;
            default -> false;
        };
    }

    private String begin(String what) {
        return "zookeeper at " + servers + ": " + what + " failed: ";
    }

    private static String words(Call call, KeeperException said) {
        String words = String.valueOf(said.getMessage());
        return switch (said.code()) {
            case OPERATIONTIMEOUT -> "no answer within " + call.timeout().toMillis() + " ms";
            case CONNECTIONLOSS -> "the connection broke before an answer came (" + words + ")";
            case SESSIONEXPIRED -> "the session is over (" + words + ")";
            case NONODE ->
                "a node is missing, and so is what it would be made in; does the chroot exist? (" + words + ")";
            case NOAUTH -> "the access list of the node does not admit us (" + words + ")";
            case INVALIDACL -> "the servers refuse the access list: authenticate, or use acl=open (" + words + ")";
            case UNIMPLEMENTED -> "the servers are too old for containers: use parent=persistent (" + words + ")";
            case AUTHFAILED -> "the servers refuse our credentials (" + words + ")";
            default -> words;
        };
    }
}
