// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

/** Thrown by a call on a link that is closed. */
final class LinkClosedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LinkClosedException() {
        super("the link is closed");
    }
}
