// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code report.html}: a page that needs no other file. It holds the report as JSON, which its script shows with
 * nothing but text nodes, so that no text of a failure can become a part of the page.
 */
final class Page {
    private Page() {}

    static String of(ReportJson report) throws IOException {
        // the data come last: a text among them that looks like one of the marks stays as it is
        return text("report.html")
                .replace("/*STYLE*/", text("report.css"))
                .replace("/*CHARTS*/", text("charts.js"))
                .replace("/*CHART-LIBRARY*/", textOrNothing("chart.umd.js"))
                .replace("/*SCRIPT*/", text("report.js"))
                .replace("/*DATA*/", Json.dense(report));
    }

    private static String text(String name) throws IOException {
        try (InputStream in = open(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The build unpacks the library; where classes run that an IDE compiled, the page shows numbers without charts. */
    private static String textOrNothing(String name) throws IOException {
        try (InputStream in = open(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static @Nullable InputStream open(String name) {
        return Page.class.getResourceAsStream(name);
    }
}
