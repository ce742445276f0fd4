// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal.engine;

import io.interlock.LockOptions;
import io.interlock.spi.LockRequest;

/**
 * What one call of the application asked for. Immutable.
 *
 * @param request what the backend is told
 * @param options what the lease is to be like
 * @param callSite where in the application
 * @param startedAt the monotonic clock at the call
 */
record Acquisition(LockRequest request, LockOptions options, CallSite callSite, long startedAt) {
    /** The same for a future: whoever gets the lease, it need not be the thread that asked. */
    Acquisition forFuture() {
        return new Acquisition(request, options, callSite.ofNobody(), startedAt);
    }
}
