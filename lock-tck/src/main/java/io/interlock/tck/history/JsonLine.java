// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One flat JSON object: strings and whole numbers under names. Confined to one thread. */
final class JsonLine {
    private final Map<String, Object> fields;

    private JsonLine(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** What writes one. */
    @FunctionalInterface
    interface Body {
        void write(JsonWriter out) throws IOException;
    }

    static String write(Body body) {
        var text = new StringWriter();
        try (var out = new JsonWriter(text)) {
            out.beginObject();
            body.write(out);
            out.endObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static JsonLine parse(String line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (var in = new JsonReader(new StringReader(line))) {
            in.setStrictness(Strictness.STRICT);
            in.beginObject();
            while (in.hasNext()) {
                String name = in.nextName();
                Object value = in.peek() == JsonToken.NUMBER ? (Object) in.nextLong() : in.nextString();
                if (fields.put(name, value) != null) {
                    throw new IllegalArgumentException("field '" + name + "' is there twice");
                }
            }
            in.endObject();
            // being strict, it refuses whatever follows
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("goes on after its end");
            }
        } catch (EOFException cut) {
            throw new IllegalArgumentException("is cut off", cut);
        } catch (MalformedJsonException | JsonParseException | IllegalStateException | NumberFormatException bad) {
            throw new IllegalArgumentException("is no flat JSON object", bad);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JsonLine(fields);
    }

    String text(String name) {
        if (take(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("field '" + name + "' must be a string");
    }

    long number(String name) {
        return optionalNumber(name).orElseThrow(() -> new IllegalArgumentException("field '" + name + "' is missing"));
    }

    OptionalLong optionalNumber(String name) {
        if (!fields.containsKey(name)) {
            return OptionalLong.empty();
        }
        if (take(name) instanceof Long number) {
            return OptionalLong.of(number);
        }
        throw new IllegalArgumentException("field '" + name + "' must be a whole number");
    }

    String textOr(String name, String other) {
        return fields.containsKey(name) ? text(name) : other;
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        String text = text(name);
        try {
            return Enum.valueOf(type, text);
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException(
                    "field '" + name + "' = '" + text + "': must be one of " + List.of(type.getEnumConstants()), none);
        }
    }

    /** Refuses what nobody asked for: a misspelt field would otherwise be an absent one. */
    void requireNothingElse() {
        if (!fields.isEmpty()) {
            throw new IllegalArgumentException("unknown fields " + fields.keySet());
        }
    }

    private Object take(String name) {
        Object value = fields.remove(name);
        if (value == null) {
            throw new IllegalArgumentException("field '" + name + "' is missing");
        }
        return value;
    }
}
