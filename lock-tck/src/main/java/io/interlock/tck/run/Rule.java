// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** Marks the test of a rule: a method that takes a {@link Trial} and throws if the backend breaks the rule. */
@Test
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Rule {
    /** {@return the id of the rule in the catalogue, which has its level, its needs and its text} */
    String value();
}
