// SPDX-License-Identifier: Apache-2.0
/** The command line of the self-contained jar. Not exported. */
@NullMarked
package io.interlock.tck.cli;

import org.jspecify.annotations.NullMarked;
