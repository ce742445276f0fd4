// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.run;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/** The version of the kit that is running. */
public final class KitVersion {
    private KitVersion() {}

    /** {@return what the jar says, as a module or by its manifest; empty while classes run from a build folder} */
    public static Optional<String> text() {
        Optional<ModuleDescriptor> module =
                Optional.ofNullable(KitVersion.class.getModule().getDescriptor());
        return module.flatMap(ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(KitVersion.class.getPackage().getImplementationVersion()));
    }
}
