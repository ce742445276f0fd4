// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the place that looks at what others print. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface StreamsAllowed {}
