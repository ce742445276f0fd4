// SPDX-License-Identifier: Apache-2.0
package io.interlock.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.junit.jupiter.api.Test;

/** Watches of one session on one node are removed together, whoever asked for it. */
class PredecessorWatchTest {
    private final AtomicInteger woken = new AtomicInteger();
    private final PredecessorWatch watch = new PredecessorWatch("/lock/lease-1", woken::incrementAndGet);

    @Test
    void whoseWatchIsRemovedByAnotherWaiterLooksAgain() {
        tell(EventType.DataWatchRemoved);
        assertThat(watch.isSet()).isFalse();
        assertThat(woken).hasValue(1);
    }

    @Test
    void whoGaveItsWatchUpIsNotWoken() {
        watch.giveUp();
        tell(EventType.DataWatchRemoved);
        assertThat(watch.isSet()).isFalse();
        assertThat(woken).hasValue(0);
    }

    @Test
    void theEndOfThePredecessorWakes() {
        tell(EventType.NodeDeleted);
        assertThat(watch.isSet()).isFalse();
        assertThat(woken).hasValue(1);
    }

    private void tell(EventType what) {
        watch.process(new WatchedEvent(what, KeeperState.SyncConnected, watch.path()));
    }
}
