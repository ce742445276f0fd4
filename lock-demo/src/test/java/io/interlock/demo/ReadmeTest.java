// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.DistributedLock;
import io.interlock.Lease;
import io.interlock.LockClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's first example, which compiles, runs, and stands in the README as it stands here. */
class ReadmeTest {
    private final Orders orders = new Orders();

    private static final class Orders {
        private final List<String> written = new ArrayList<>();
        private long highest;

        void write(String order, String state, long token) {
            if (token < highest) {
                throw new IllegalStateException("a former holder writes: token " + token + " after " + highest);
            }
            highest = token;
            written.add(order + " " + state);
        }
    }

    private void example(String uri) throws InterruptedException {
        // readme begins
        try (LockClient client = LockClient.open(uri)) { // "redis://localhost:6379", "zookeeper://localhost:2181", …
            DistributedLock lock = client.lock("orders/42");

            // wait until it is ours, however long that takes; renewed in the background until closed
            try (Lease lease = lock.acquire()) {
                orders.write("42", "paid", lease.fencingToken()); // let the resource refuse smaller tokens
            }

            // or only if nobody else has it
            lock.tryAcquire().ifPresent(lease -> {
                try (lease) {
                    orders.write("42", "sent", lease.fencingToken());
                }
            });
        }
        // readme ends
    }

    @Test
    void theExampleRuns() throws InterruptedException {
        example("memory:readme");
        assertThat(orders.written).containsExactly("42 paid", "42 sent");
    }

    @Test
    void theReadmeShowsTheExampleAsItIs() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/interlock/demo/ReadmeTest.java"));
        String example = source.substring(
                        source.indexOf('\n', source.indexOf("// readme begins")) + 1,
                        source.indexOf("        // readme ends"))
                .lines()
                .map(line -> line.isBlank() ? "" : line.substring(8))
                .collect(Collectors.joining("\n", "```java\n", "\n```"));
        assertThat(Path.of("..", "README.md")).content().contains(example);
    }
}
