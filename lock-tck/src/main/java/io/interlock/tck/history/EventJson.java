// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import com.google.gson.stream.JsonWriter;
import io.interlock.tck.history.HistoryEvent.Kind;
import io.interlock.tck.history.HistoryEvent.Phase;
import java.io.IOException;
import java.util.OptionalLong;

/** The JSON of an event. */
final class EventJson {
    private EventJson() {}

    static String line(HistoryEvent event) {
        return JsonLine.write(out -> {
            out.name("process").value(event.process());
            out.name("thread").value(event.thread());
            out.name("op").value(event.op());
            out.name("kind").value(event.kind().name());
            out.name("phase").value(event.phase().name());
            out.name("nanos").value(event.nanos());
            out.name("lock").value(event.lock());
            number(out, "token", event.token());
            number(out, "validUntil", event.validUntil());
            number(out, "grant", event.grant());
            if (!event.note().isEmpty()) {
                out.name("note").value(event.note());
            }
        });
    }

    private static void number(JsonWriter out, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            out.name(name).value(value.getAsLong());
        }
    }

    static HistoryEvent parse(String line) {
        var json = JsonLine.parse(line);
        var event = new HistoryEvent(
                json.text("process"),
                json.text("thread"),
                json.number("op"),
                json.constant("kind", Kind.class),
                json.constant("phase", Phase.class),
                json.number("nanos"),
                json.text("lock"),
                json.optionalNumber("token"),
                json.optionalNumber("validUntil"),
                json.optionalNumber("grant"),
                json.textOr("note", ""));
        json.requireNothingElse();
        return event;
    }
}
