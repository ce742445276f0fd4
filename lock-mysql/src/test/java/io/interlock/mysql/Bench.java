// SPDX-License-Identifier: Apache-2.0
package io.interlock.mysql;

import java.util.stream.Stream;

/**
 * A server, a driver and a variant on which tests run.
 *
 * @param place the server and the driver
 * @param variant by its name in configurations
 */
record Bench(TestServer place, String variant) {
    static Stream<Bench> all() {
        return TestServer.all()
                .flatMap(place ->
                        Stream.of(MysqlOptions.Variant.values()).map(variant -> new Bench(place, variant.text())));
    }

    TestDatabase open() {
        return new TestDatabase(place);
    }

    /** The setting that chooses the variant. */
    String setting() {
        return "variant=" + variant;
    }

    boolean isInsertDelete() {
        return variant.equals(MysqlOptions.Variant.INSERT_DELETE.text());
    }

    @Override
    public String toString() {
        return place + " " + variant;
    }
}
