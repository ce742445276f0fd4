// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

/** The commands that carry wake-ups. */
enum PubSub {
    /** What every server has; in a cluster each message goes to all nodes. */
    PLAIN("SUBSCRIBE", "UNSUBSCRIBE", "PUBLISH"),

    /** What a cluster has since Redis 7: a message stays with the node of its channel's slot, and its replicas. */
    SHARDED("SSUBSCRIBE", "SUNSUBSCRIBE", "SPUBLISH");

    private final String subscribe;
    private final String unsubscribe;
    private final String publish;

    PubSub(String subscribe, String unsubscribe, String publish) {
        this.subscribe = subscribe;
        this.unsubscribe = unsubscribe;
        this.publish = publish;
    }

    String subscribe() {
        return subscribe;
    }

    String unsubscribe() {
        return unsubscribe;
    }

    String publish() {
        return publish;
    }
}
