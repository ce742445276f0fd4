// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import io.interlock.tck.RuleId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * The code that tests a rule. Immutable.
 *
 * @param spec the rule
 * @param section the class that the method belongs to; has a constructor without parameters
 * @param method takes a {@link Trial}
 */
public record RuleTest(RuleSpec spec, Class<?> section, Method method) {
    /**
     * The test that a method is.
     *
     * @param section where it was found
     * @param method with {@link Rule}
     * @return the test
     */
    public static RuleTest of(Class<?> section, Method method) {
        RuleId id = RuleId.of(method.getAnnotation(Rule.class).value());
        return new RuleTest(Catalogue.rules().rule(id), section, method);
    }

    @SuppressWarnings("AvoidAccessibleObject") // rule methods are package-private, as tests are
    void run(Trial trial) throws Throwable {
        var constructor = section.getDeclaredConstructor();
        constructor.setAccessible(true);
        method.setAccessible(true);
        try {
            method.invoke(constructor.newInstance(), trial);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
