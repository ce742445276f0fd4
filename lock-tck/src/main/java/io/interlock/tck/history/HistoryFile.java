// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A history as a file of JSON lines: a header, then one event a line. */
public final class HistoryFile {
    private HistoryFile() {}

    /**
     * Writes a history, over what is there.
     *
     * @param file where to
     * @param history what
     * @throws IOException if it can't be written
     */
    public static void write(Path file, History history) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.append(HeaderJson.line(history.header())).append('\n');
            for (HistoryEvent event : history.events()) {
                out.append(line(event)).append('\n');
            }
        }
    }

    /**
     * Reads a history and checks that nothing in it is missing or there twice.
     *
     * @param file what {@link #write} wrote
     * @return the history
     * @throws HistoryFormatException if it is none
     * @throws IOException if it can't be read
     */
    public static History read(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            long number = 1;
            try {
                String first = in.readLine();
                HistoryHeader header = HeaderJson.parse(first == null ? "" : first);
                var pairs = new EventPairs();
                List<HistoryEvent> events = new ArrayList<>();
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    number++;
                    HistoryEvent event = event(line);
                    pairs.accept(event);
                    events.add(event);
                }
                return new History(header, events);
            } catch (IllegalArgumentException bad) {
                throw new HistoryFormatException(number, String.valueOf(bad.getMessage()), bad);
            } catch (CharacterCodingException bad) {
                throw new HistoryFormatException(number, "is not UTF-8", bad);
            }
        }
    }

    /**
     * One event as a line, without the end of the line.
     *
     * @param event the event
     * @return for {@link #event}
     */
    public static String line(HistoryEvent event) {
        return EventJson.line(event);
    }

    /**
     * The event of a line.
     *
     * @param line what {@link #line} returned
     * @return the event
     * @throws IllegalArgumentException if it is none
     */
    public static HistoryEvent event(String line) {
        return EventJson.parse(line);
    }
}
