// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import com.google.gson.stream.JsonWriter;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.Picture.Item;
import io.interlock.tck.history.Picture.Shape;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Who held which lock when, as one HTML file that needs nothing else. */
public final class TimelineHtml {
    private static final String PLACE_OF_DATA = "@DATA@";

    private TimelineHtml() {}

    /**
     * Writes the time line, over what is there.
     *
     * @param file where to
     * @param history what
     * @param result what the checker said about it
     * @throws IOException if it can't be written
     * @throws IllegalArgumentException if the history has a gap
     */
    public static void write(Path file, History history, CheckResult result) throws IOException {
        Files.writeString(file, html(history, result), StandardCharsets.UTF_8);
    }

    static String html(History history, CheckResult result) {
        return template().replace(PLACE_OF_DATA, json(history, result));
    }

    private static String template() {
        try (var in = TimelineHtml.class.getResourceAsStream("timeline.html")) {
            if (in == null) {
                throw new IllegalStateException("timeline.html is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(History history, CheckResult result) {
        var picture = new Picture(history);
        var text = new StringWriter();
        try (var out = new JsonWriter(text)) {
            out.setHtmlSafe(true); // no name of a lock can end the script element
            out.beginObject();
            header(out, history.header(), result);
            out.name("span").value(picture.span());
            strings(out.name("locks"), picture.locks());
            rows(out.name("rows"), picture);
            items(out.name("items"), picture.items());
            findings(out.name("findings"), result.findings(), picture);
            findings(out.name("measured"), result.measured(), picture);
            out.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void header(JsonWriter out, HistoryHeader header, CheckResult result) throws IOException {
        out.name("backend").value(header.backend());
        out.name("seed").value(Long.toString(header.seed()));
        out.name("lease").value(header.lease().toNanos());
        out.name("valid").value(result.isValid());
        CheckResult.Counts counts = result.counts();
        out.name("counts").beginObject();
        out.name("calls").value(counts.operations());
        out.name("clients").value(counts.clients());
        out.name("locks").value(counts.locks());
        out.name("grants").value(counts.grants());
        out.name("refusals").value(counts.refusals());
        out.name("unknown").value(counts.unknown());
        out.endObject();
    }

    private static void strings(JsonWriter out, List<String> values) throws IOException {
        out.beginArray();
        for (String value : values) {
            out.value(value);
        }
        out.endArray();
    }

    private static void rows(JsonWriter out, Picture picture) throws IOException {
        out.beginArray();
        for (String row : picture.rows()) {
            out.beginObject();
            out.name("name").value(row);
            out.name("lanes").value(picture.lanes(row));
            out.endObject();
        }
        out.endArray();
    }

    /** Arrays without names: there may be tens of thousands. */
    private static void items(JsonWriter out, List<Item> items) throws IOException {
        out.beginArray();
        for (Item item : items) {
            out.beginArray();
            out.value(item.shape().name());
            out.value(item.row());
            out.value(item.lane());
            out.value(item.lock());
            out.value(item.from());
            out.value(item.to());
            out.value(item.perhapsTo());
            // as text: a token may be larger than what a number in a browser is exact for
            out.value(item.token().isPresent() ? Long.toString(item.token().getAsLong()) : "");
            out.value(item.text());
            out.endArray();
        }
        out.endArray();
    }

    private static void findings(JsonWriter out, List<? extends Finding> findings, Picture picture) throws IOException {
        out.beginArray();
        for (Finding finding : findings) {
            out.beginObject();
            out.name("sentence").value(finding.sentence());
            List<HistoryEvent> events = finding instanceof Violation violation ? violation.events() : List.of();
            out.name("items").beginArray();
            for (int item : picture.itemsOf(events)) {
                out.value(item);
            }
            out.endArray();
            if (!events.isEmpty()) {
                range(out, events, picture);
            }
            out.endObject();
        }
        out.endArray();
    }

    /** Where to look: at the grant of the call that the rule is broken by, or at the call. */
    private static void range(JsonWriter out, List<HistoryEvent> events, Picture picture) throws IOException {
        CallId first = events.get(0).call();
        List<HistoryEvent> call =
                events.stream().filter(event -> event.call().equals(first)).toList();
        var grant = picture.itemsOf(call).stream()
                .map(picture.items()::get)
                .filter(item ->
                        item.shape() == Shape.HOLD && events.get(0).kind().acquires())
                .findFirst();
        var times = call.stream().mapToLong(HistoryEvent::nanos).summaryStatistics();
        out.name("from").value(grant.map(Item::from).orElse(picture.sinceStart(times.getMin())));
        out.name("to").value(grant.map(Item::to).orElse(picture.sinceStart(times.getMax())));
    }
}
