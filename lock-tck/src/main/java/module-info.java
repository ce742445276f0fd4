// SPDX-License-Identifier: Apache-2.0
/** A test kit that proves a backend of Interlock right, or shows which rules it breaks. */
@SuppressWarnings({"requires-transitive-automatic", "module"}) // module: versions are no part of the names
module io.interlock.tck {
    requires transitive io.interlock;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;
    // both are inside the jar under names of their own, so nobody has to have them
    requires static com.google.gson;
    requires static info.picocli;

    exports io.interlock.tck;

    // JUnit makes what is in there: the nested tests of LockTck, their names and extension, and the rules
    opens io.interlock.tck;
    opens io.interlock.tck.rules;

    uses io.interlock.tck.TckBackend;
    uses io.interlock.tck.StoreSupport;
}
