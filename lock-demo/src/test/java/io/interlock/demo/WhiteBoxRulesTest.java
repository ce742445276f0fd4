// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of the white-box rules names the tests that carry their numbers, and no others. */
class WhiteBoxRulesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]+\\.\\d\\d) \\| [^|]+ \\| ([^|]+) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)`");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z]+\\.\\d\\d)\"\\)");

    @Test
    void eachRuleHasTheTestsThatThePageNames() throws IOException {
        Map<String, Set<String>> onPage = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/white-box.md")));
        while (row.find()) {
            Matcher test = TEST.matcher(row.group(2));
            while (test.find()) {
                onPage.computeIfAbsent(row.group(1), rule -> new TreeSet<>()).add(test.group(1));
            }
        }
        assertThat(onPage).hasSizeGreaterThan(20).isEqualTo(tagged());
    }

    /** Classes of tests, by the numbers that they carry. */
    private static Map<String, Set<String>> tagged() throws IOException {
        Map<String, Set<String>> tagged = new TreeMap<>();
        for (Path tests : testFolders()) {
            try (Stream<Path> files = Files.walk(tests)) {
                files.filter(file -> file.toString().endsWith("Test.java")).forEach(file -> {
                    String name = String.valueOf(file.getFileName()).replace(".java", "");
                    Matcher tag = TAG.matcher(text(file));
                    while (tag.find()) {
                        tagged.computeIfAbsent(tag.group(1), rule -> new TreeSet<>())
                                .add(name);
                    }
                });
            }
        }
        return tagged;
    }

    private static List<Path> testFolders() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
