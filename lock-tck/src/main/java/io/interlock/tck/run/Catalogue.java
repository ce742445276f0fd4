// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import io.interlock.tck.RuleId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every rule there is, in order: the one source of their texts. Immutable. */
public final class Catalogue {
    private static final Catalogue RULES = new Catalogue(read());

    private final Map<RuleId, RuleSpec> rules = new TreeMap<>();

    private Catalogue(List<RuleSpec> specs) {
        specs.forEach(spec -> {
            if (rules.put(spec.id(), spec) != null) {
                throw new IllegalStateException("rule " + spec.id() + " is there twice");
            }
        });
    }

    /** {@return the catalogue of this version of the kit} */
    public static Catalogue rules() {
        return RULES;
    }

    /** {@return all rules, in order of their ids} */
    public List<RuleSpec> all() {
        return List.copyOf(rules.values());
    }

    /**
     * The rule of an id.
     *
     * @param id such as 2.05
     * @return the rule
     * @throws IllegalArgumentException if there is none
     */
    public RuleSpec rule(RuleId id) {
        RuleSpec spec = rules.get(id);
        if (spec == null) {
            throw new IllegalArgumentException("rule " + id + ": not in the catalogue");
        }
        return spec;
    }

    private static List<RuleSpec> read() {
        try (var in = Catalogue.class.getResourceAsStream("rules.tsv")) {
            if (in == null) {
                throw new IllegalStateException("rules.tsv is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Catalogue::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuleSpec parse(String line) {
        String[] fields = line.split("\t", -1);
        var level = level(fields[1]);
        return new RuleSpec(
                RuleId.of(fields[0]),
                level,
                capabilities(fields[2]),
                controls(fields[3]),
                fields[4],
                level == Level.SAME ? Optional.of(RuleId.of(fields[4])) : Optional.empty());
    }

    private static Level level(String letter) {
        return switch (letter) {
            case "M" -> Level.MUST;
            case "C" -> Level.CAPABILITY;
            case "S" -> Level.MEASURED;
            case "OUT" -> Level.OUT;
            case "=" -> Level.SAME;
            default -> throw new IllegalStateException("level " + letter);
        };
    }

    private static Set<Capability> capabilities(String names) {
        var set = EnumSet.noneOf(Capability.class);
        if (!names.equals("-")) {
            Arrays.stream(names.split(",", -1)).map(Capability::valueOf).forEach(set::add);
        }
        return Set.copyOf(set);
    }

    private static Set<Control> controls(String letters) {
        var set = EnumSet.noneOf(Control.class);
        for (Control control : Control.values()) {
            if (letters.contains(control.letter())) {
                set.add(control);
            }
        }
        return Set.copyOf(set);
    }
}
