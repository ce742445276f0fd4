// SPDX-License-Identifier: Apache-2.0
package io.interlock.redis;

import io.interlock.HolderInfo;
import io.interlock.LockBackendException;
import io.interlock.spi.HolderRecord;
import io.interlock.spi.OwnerId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lock of the variants that grant by plain commands: a text of owner id, space and holder record. Immutable.
 *
 * @param owner the owner id, as text
 * @param holderRecord who holds it, for people
 */
record TextEntry(String owner, String holderRecord) {
    private static final Pattern TEXT = Pattern.compile("(?<owner>[0-9a-f]{32}) (?<holder>.*)", Pattern.DOTALL);

    static TextEntry of(OwnerId owner, HolderInfo holder) {
        return new TextEntry(owner.toString(), HolderRecord.encode(holder));
    }

    /**
     * Reads an entry.
     *
     * @throws LockBackendException if no lock made it: it is the user's, and waiting for it to go would hide the mistake
     */
    static TextEntry parse(RedisErrors errors, StoreCall call, String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw errors.strangersText(call);
        }
        return new TextEntry(parts.group("owner"), parts.group("holder"));
    }

    boolean isOf(OwnerId id) {
        return owner.equals(id.toString());
    }

    HolderInfo holder() {
        return HolderRecord.decode(holderRecord);
    }

    String text() {
        return owner + " " + holderRecord;
    }
}
