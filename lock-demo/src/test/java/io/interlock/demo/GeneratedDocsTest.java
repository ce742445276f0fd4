// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.Capability;
import io.interlock.LockConfig;
import io.interlock.spi.ConfigOption;
import io.interlock.spi.LockProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables in docs are what the code declares; {@code -Dinterlock.docs.write=true} writes them anew. */
class GeneratedDocsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String HOW = "<!-- Generated from the code; to write it anew: mvn -pl lock-demo -am verify"
            + " -Dtest=GeneratedDocsTest -Dsurefire.failIfNoSpecifiedTests=false -Dinterlock.docs.write=true -->\n";

    private final List<LockProvider> providers = ServiceLoader.load(LockProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> !provider.getClass().getPackageName().startsWith("io.interlock.demo"))
            .sorted(Comparator.comparing(GeneratedDocsTest::scheme))
            .toList();

    @Test
    void capabilitiesAreThoseThatTheVariantsDeclare() throws IOException {
        var text = new StringBuilder("# Which variant promises what\n\n" + HOW + "\n| capability |");
        Map<String, Set<Capability>> columns = new TreeMap<>();
        for (LockProvider provider : providers) {
            provider.variants()
                    .forEach((variant, declared) -> columns.put("`" + scheme(provider) + "` " + variant, declared));
        }
        columns.keySet().forEach(column -> text.append(' ').append(column).append(" |"));
        text.append("\n|---|").append(":-:|".repeat(columns.size())).append('\n');
        for (Capability capability : Capability.values()) {
            text.append("| ").append(capability).append(" |");
            columns.values().forEach(declared -> text.append(declared.contains(capability) ? " ✓ |" : " |"));
            text.append('\n');
        }
        text.append(
                "\nWhat each word means is in the documentation of `io.interlock.Capability`. Automatic renewal, async"
                        + " acquisition and\nthe reentrant `Lock` view are missing from the table because the engine gives them"
                        + " to every backend.\n");
        compare("capabilities.md", text.toString());
    }

    @Test
    void settingsAreThoseThatTheProvidersKnow() throws IOException {
        var text = new StringBuilder("# Settings\n\n" + HOW
                + "\nIn the URI's query and in maps a setting is named as here; in Properties `interlock.key`; in the"
                + " environment\n`INTERLOCK_KEY`, in capitals with underscores. Durations are written `500ms`, `30s`,"
                + " `2m`, `1h`, `1d`, or as ISO 8601.\nAn unknown key, a malformed value and a key that is given twice are"
                + " refused at open.\n\n## Every backend\n\n");
        table(text, LockConfig.engineOptions());
        for (LockProvider provider : providers) {
            if (!provider.options().isEmpty()) {
                text.append("\n## `").append(scheme(provider)).append("`\n\nVariants: ");
                text.append(String.join(
                        ", ", provider.variants().keySet().stream().sorted().toList()));
                text.append("; unless set, ").append(provider.defaultVariant()).append(".\n\n");
                table(text, provider.options());
            }
        }
        compare("configuration.md", text.toString());
    }

    private static void table(StringBuilder text, List<ConfigOption> options) {
        text.append("| key | unit | default | effect |\n|---|---|---|---|\n");
        for (ConfigOption option : options) {
            text.append("| `").append(option.key()).append("` | ");
            text.append(option.unit().name().toLowerCase(Locale.ROOT)).append(option.secret() ? ", secret | " : " | ");
            text.append(option.defaultValue().map(value -> "`" + value + "`").orElse("–"));
            text.append(" | ").append(option.doc()).append(" |\n");
        }
    }

    private static String scheme(LockProvider provider) {
        // of mariadb and mysql, the one after which the backend is called
        return provider.schemes().stream()
                .filter(provider.getClass().getPackageName()::endsWith)
                .findFirst()
                .orElseThrow();
    }

    private static void compare(String file, String generated) throws IOException {
        if (Boolean.getBoolean("interlock.docs.write")) {
            Files.writeString(DOCS.resolve(file), generated);
        }
        assertThat(DOCS.resolve(file))
                .as("see the comment in the file for how to write it anew")
                .content()
                .isEqualTo(generated);
    }
}
