// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck;

import io.interlock.tck.run.Catalogue;
import io.interlock.tck.run.Rule;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Names each test with the text of its rule. */
final class RuleNames extends DisplayNameGenerator.Standard {
    @Override
    public String generateDisplayNameForMethod(
            List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        Rule rule = testMethod.getAnnotation(Rule.class);
        if (rule == null) {
            return super.generateDisplayNameForMethod(enclosingInstanceTypes, testClass, testMethod);
        }
        RuleId id = RuleId.of(rule.value());
        return id + " " + Catalogue.rules().rule(id).text();
    }
}
