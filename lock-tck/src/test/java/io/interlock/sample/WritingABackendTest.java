// SPDX-License-Identifier: Apache-2.0
package io.interlock.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on writing a backend shows the sample as it is; {@code -Dinterlock.docs.write=true} writes it anew. */
class WritingABackendTest {
    private static final Path PAGE = Path.of("../docs/writing-a-backend.md");
    private static final Path SAMPLE = Path.of("src/test/java/io/interlock/sample");
    private static final Pattern CODE =
            Pattern.compile("(?<head><!-- file: (?<file>\\w+\\.java) -->\n```java\n).*?(?<tail>```\n)", Pattern.DOTALL);

    @Test
    void pageShowsTheSampleAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        String expected = CODE.matcher(page)
                .replaceAll(code -> Matcher.quoteReplacement(group(code, 1) + source(group(code, 2)) + group(code, 3)));
        if (Boolean.getBoolean("interlock.docs.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(page).isEqualTo(expected);
    }

    @Test
    void pageShowsEveryFileOfTheSample() throws IOException {
        var shown = new TreeSet<String>();
        CODE.matcher(Files.readString(PAGE)).results().forEach(code -> shown.add(group(code, 2)));
        try (var files = Files.list(SAMPLE)) {
            var sample = new TreeSet<String>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("WritingABackendTest.java"))
                    .forEach(sample::add);
            assertThat(shown).isEqualTo(sample).isNotEmpty();
        }
    }

    private static String group(MatchResult match, int number) {
        return match.group(number);
    }

    private static String source(String file) {
        try {
            String text = Files.readString(SAMPLE.resolve(file));
            return text.substring(text.indexOf("package "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
