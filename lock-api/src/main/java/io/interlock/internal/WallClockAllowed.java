// SPDX-License-Identifier: Apache-2.0
package io.interlock.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Exempts a class from the build's ban on the wall clock. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@interface WallClockAllowed {}
