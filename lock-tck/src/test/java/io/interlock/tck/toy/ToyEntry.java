// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.toy;

import java.util.concurrent.TimeUnit;

/** What the store keeps of a held lock; the expiry is on the store's clock. */
record ToyEntry(String owner, long token, long sinceMicros, String holder, long expiresAt) {
    ToyEntry until(long nanos) {
        return new ToyEntry(owner, token, sinceMicros, holder, nanos);
    }

    ToyEntry ownedBy(String other) {
        return new ToyEntry(other, token, sinceMicros, holder, expiresAt);
    }

    String describe(long now) {
        long left = TimeUnit.NANOSECONDS.toMicros(expiresAt - now);
        return String.join(" ", "HELD", "" + left, owner, "" + token, "" + sinceMicros, holder);
    }
}
