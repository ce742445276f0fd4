// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * The stable name of a rule, such as {@code 2.05}: section 2, rule 5. Immutable.
 *
 * @param section from 1
 * @param number within the section, from 1 to 99
 */
public record RuleId(int section, int number) implements Comparable<RuleId> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,2})\\.(\\d\\d)");
    private static final Comparator<RuleId> ORDER =
            Comparator.comparingInt(RuleId::section).thenComparingInt(RuleId::number);

    /**
     * Checks the parts.
     *
     * @param section as the record tells
     * @param number as the record tells
     */
    public RuleId {
        if (section < 1 || section > 99 || number < 1 || number > 99) {
            throw new IllegalArgumentException("rule " + section + "." + number + ": both parts must be 1 to 99");
        }
    }

    /**
     * The rule of a text.
     *
     * @param text such as {@code 2.05}
     * @return the id
     * @throws IllegalArgumentException if it is no rule id
     */
    public static RuleId of(String text) {
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("rule '" + text + "': must look like 2.05");
        }
        return new RuleId(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
    }

    @Override
    public int compareTo(RuleId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return section + (number < 10 ? ".0" : ".") + number;
    }
}
