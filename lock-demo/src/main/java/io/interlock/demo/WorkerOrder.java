// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a worker is to do. Sent on its standard input: a command line would show passwords to every user of the machine.
 *
 * @param worker its number, from 1 on
 * @param threads how many threads count
 * @param time for how long
 * @param counter the shared file
 * @param uri the store; empty: no lock
 * @param lockName the name of the lock around the counter
 */
record WorkerOrder(int worker, int threads, Duration time, Path counter, Optional<String> uri, String lockName) {
    String encode() {
        return new Fields()
                .with("worker", worker)
                .with("threads", threads)
                .with("millis", time.toMillis())
                .with("counter", counter)
                .with("uri", uri.orElse(""))
                .with("lock", lockName)
                .encode();
    }

    static WorkerOrder decode(String line) {
        Fields fields = Fields.decode(line);
        return new WorkerOrder(
                (int) fields.number("worker"),
                (int) fields.number("threads"),
                Duration.ofMillis(fields.number("millis")),
                Path.of(fields.text("counter")),
                Optional.of(fields.text("uri")).filter(uri -> !uri.isEmpty()),
                fields.text("lock"));
    }

    /** Without the URI, which may have a password. */
    @Override
    public String toString() {
        return "worker " + worker;
    }
}
