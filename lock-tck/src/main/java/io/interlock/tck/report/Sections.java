// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import java.util.List;

/** What the sections of the catalogue are about. */
public final class Sections {
    private static final List<String> TITLES = List.of(
            "Acquire and release",
            "Safety",
            "Fencing",
            "Waiting, wake-up, time-outs and interruption",
            "Leases, renewal and validity",
            "Loss",
            "Reentrancy and the Lock view",
            "Fairness",
            "Asynchronous calls",
            "Lifecycle",
            "Names",
            "Hygiene",
            "Faults",
            "Histories",
            "Providers and configuration");

    private Sections() {}

    /**
     * The title of a section.
     *
     * @param section from 1
     * @return what it is about, in words
     */
    public static String title(int section) {
        return section <= TITLES.size() ? TITLES.get(section - 1) : "Section " + section;
    }
}
