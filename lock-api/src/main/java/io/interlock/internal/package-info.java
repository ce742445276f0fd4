// SPDX-License-Identifier: Apache-2.0
/** What lock-api's packages share and applications can't see: the wall clock and the form of names. */
@org.jspecify.annotations.NullMarked
package io.interlock.internal;
