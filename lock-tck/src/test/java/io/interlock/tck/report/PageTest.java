// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.interlock.tck.run.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern ADDRESS = Pattern.compile("\\s(?:src|href)=[\"'](?!#)");

    @Test
    void holdsTheReportSoThatNoTextOfItCanEndTheScript() throws IOException {
        ReportJson report = report(Samples.HOSTILE);

        Matcher data = DATA.matcher(Page.of(report));

        assertThat(data.find()).isTrue();
        assertThat(data.group(1)).doesNotContain("<", ">", "&", "\u2028");
        assertThat(JsonParser.parseString(data.group(1))).isEqualTo(JsonParser.parseString(Json.pretty(report)));
    }

    @Test
    void aHostileTextChangesNothingOfThePageButItsData() throws IOException {
        assertThat(withoutData(report(Samples.HOSTILE))).isEqualTo(withoutData(report("harmless")));
    }

    @Test
    void needsNoOtherFile() throws IOException {
        String markup = withoutData(report("")).replaceAll("(?s)<script>.*?</script>", "");

        assertThat(ADDRESS.matcher(markup).results()).isEmpty();
        assertThat(markup).doesNotContain("@import", "url(");
    }

    @Test
    void everyMarkOfTheTemplateIsFilled() throws IOException {
        assertThat(Page.of(report("")))
                .doesNotContain("/*STYLE*/", "/*DATA*/", "/*CHARTS*/", "/*CHART-LIBRARY*/", "/*SCRIPT*/");
    }

    @Test
    void bringsTheChartLibraryThatTheBuildUnpacked() throws IOException {
        assertThat(Page.of(report(""))).contains("Chart.js v4").contains("Released under the MIT License");
    }

    private static ReportJson report(String reason) {
        return ReportJson.of(List.of(PartJson.of(
                "Test",
                Samples.with("a", Samples.STARTED, List.of(Samples.result("2.05", Verdict.FAIL, reason, reason))))));
    }

    private static String withoutData(ReportJson report) throws IOException {
        return DATA.matcher(Page.of(report)).replaceFirst("");
    }
}
