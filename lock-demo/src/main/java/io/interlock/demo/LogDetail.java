// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.util.List;

/** Whether logged warnings show stack traces, here and in the workers; {@code logback.xml} reads the property. */
final class LogDetail {
    private static final String PROPERTY = "interlock.log.exceptions";
    private static final String STACK_TRACES = "%ex";

    private LogDetail() {}

    /** To be called before anything is logged. */
    static void showStackTraces() {
        System.setProperty(PROPERTY, STACK_TRACES);
    }

    /** {@return what makes a worker as talkative as this process} */
    static List<String> jvmArguments() {
        String value = System.getProperty(PROPERTY);
        return value == null ? List.of() : List.of("-D" + PROPERTY + "=" + value);
    }
}
