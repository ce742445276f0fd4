// SPDX-License-Identifier: Apache-2.0
/** The reports that people and programs read: {@code report.html} and {@code report.json}. Not exported. */
@NullMarked
package io.interlock.tck.report;

import org.jspecify.annotations.NullMarked;
