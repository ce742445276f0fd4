// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

/** Which call of which process. */
record CallId(String process, long op) {}
