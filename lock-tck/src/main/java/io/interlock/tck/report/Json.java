// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.util.Optional;

/**
 * Writes and reads JSON. All that HTML could take for its own, such as {@code <} and {@code &}, is written as an escape:
 * so a text that ends a script can't end the one that it is written into.
 */
final class Json {
    private static final Gson DENSE = new Gson();
    private static final Gson PRETTY = new GsonBuilder().setPrettyPrinting().create();

    private Json() {}

    static String pretty(Object record) {
        return PRETTY.toJson(record) + "\n";
    }

    static String dense(Object record) {
        return DENSE.toJson(record);
    }

    /** {@return the part that a text holds; empty if it is none, or of another format} */
    static Optional<PartJson> read(String text) {
        try {
            PartJson part = DENSE.fromJson(text, PartJson.class);
            return Optional.ofNullable(part).filter(PartJson::isReadable);
        } catch (JsonParseException noJson) {
            return Optional.empty();
        }
    }
}
