// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import io.interlock.tck.history.Simulation.Plan;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TimelineHtmlTest {
    private static final long MILLI = 1_000_000;

    @Test
    void itLoadsNothing() {
        String html = html(new Story().history());
        assertThat(html).doesNotContain("http:", "https:", "src=", "href=", "@import", "url(", "@DATA@");
        assertThat(html).contains("default-src 'none'");
    }

    @Test
    void noTextCanEndTheScriptOrBecomeMarkup() {
        String evil = "</script><script>alert(1)</script><!--\u2028&";
        var event = Edits.event(evil, 1, Kind.TRY, Phase.INVOKE, 0, evil);
        var history = Edits.history(List.of(event));
        String html = html(history);
        assertThat(Pattern.compile("</script>").matcher(html).results()).hasSize(2);
        assertThat(html).doesNotContain("alert(1)</", "<!--\u2028");
        assertThat(data(html).getAsJsonArray("locks").get(0).getAsString()).isEqualTo(evil);
        assertThat(row(data(html), 0)).isEqualTo(evil);
    }

    @Test
    void aHoldIsSolidWhileSureAndHatchedAfterwards() {
        var story = new Story();
        long grant = story.granted("a", 0, 10 * MILLI, 1, 500 * MILLI);
        story.released("a", grant, 40 * MILLI, 60 * MILLI, Phase.OK);
        JsonArray hold = item(data(html(story.history())), "HOLD");
        assertThat(hold.get(4).getAsLong()).isEqualTo(10 * MILLI);
        assertThat(hold.get(5).getAsLong()).isEqualTo(40 * MILLI);
        assertThat(hold.get(6).getAsLong()).isEqualTo(60 * MILLI);
    }

    @Test
    void anUnsureEndIsHatchedUntilTheNextGrant() {
        var story = new Story();
        long grant = story.granted("a", 0, 10, 1, 500);
        story.released("a", grant, 40, 60, Phase.INFO);
        story.granted("b", 70, 90, 2, 500);
        assertThat(item(data(html(story.history())), "HOLD").get(6).getAsLong()).isEqualTo(90);
    }

    @Test
    void tokensAreTextSinceBrowsersRoundLargeNumbers() {
        var story = new Story();
        story.granted("a", 0, 10, Long.MAX_VALUE, 500);
        assertThat(item(data(html(story.history())), "HOLD")
                        .get(7)
                        .getAsJsonPrimitive()
                        .isString())
                .isTrue();
    }

    @Test
    void aFindingNamesItsItemsAndWhereToLook() {
        var story = new Story();
        story.granted("a", 0, 10, 1, 500);
        story.granted("b", 20, 30, 2, 500);
        JsonObject data = data(html(story.history()));
        assertThat(data.get("valid").getAsBoolean()).isFalse();
        JsonObject finding = data.getAsJsonArray("findings").get(0).getAsJsonObject();
        assertThat(finding.get("sentence").getAsString()).startsWith("14.01 lock 'lock': b");
        assertThat(finding.getAsJsonArray("items")).hasSize(4);
        assertThat(finding.get("from").getAsLong()).isEqualTo(30);
    }

    @Test
    void bothCallsOfAProcessAtATimeHaveLanes() {
        var story = new Story();
        story.refused("a", Kind.ACQUIRE, 0, 20)
                .refused("a", Kind.ACQUIRE, 10, 30)
                .refused("a", Kind.TRY, 25, 40);
        JsonObject data = data(html(story.history()));
        assertThat(data.getAsJsonArray("rows")
                        .get(0)
                        .getAsJsonObject()
                        .get("lanes")
                        .getAsInt())
                .isEqualTo(2);
    }

    @Test
    void everyCallOfALongHistoryIsThere() {
        var history = Edits.history(Simulation.run(1, Plan.stormy(5_000)));
        JsonObject data = data(html(history));
        long asked = data.getAsJsonArray("items").asList().stream()
                .map(item -> item.getAsJsonArray().get(0).getAsString())
                .filter(shape -> shape.equals("WAIT") || shape.equals("REFUSED"))
                .count();
        long expected = history.events().stream()
                .filter(event -> event.kind().acquires() && event.phase() == Phase.INVOKE)
                .count();
        assertThat(asked).isEqualTo(expected);
    }

    private static String html(History history) {
        return TimelineHtml.html(history, HistoryChecker.standard().check(history));
    }

    private static JsonObject data(String html) {
        String begin = "<script type=\"application/json\" id=\"data\">";
        int from = html.indexOf(begin) + begin.length();
        return JsonParser.parseString(html.substring(from, html.indexOf("</script>", from)))
                .getAsJsonObject();
    }

    private static String row(JsonObject data, int index) {
        return data.getAsJsonArray("rows")
                .get(index)
                .getAsJsonObject()
                .get("name")
                .getAsString();
    }

    private static JsonArray item(JsonObject data, String shape) {
        return data.getAsJsonArray("items").asList().stream()
                .map(item -> item.getAsJsonArray())
                .filter(item -> item.get(0).getAsString().equals(shape))
                .findFirst()
                .orElseThrow();
    }
}
