// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.Capability;
import io.interlock.tck.RuleId;
import java.util.Optional;
import java.util.Set;

/**
 * A rule as the catalogue has it. Immutable.
 *
 * @param id its stable name
 * @param level whom it binds
 * @param capabilities which a backend must declare for it to apply
 * @param controls what a test of it needs
 * @param text what it demands
 * @param same the rule that it is another name of
 */
public record RuleSpec(
        RuleId id,
        Level level,
        Set<Capability> capabilities,
        Set<Control> controls,
        String text,
        Optional<RuleId> same) {}
