// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds run in parallel: what one JVM removes must not look stale to another one that starts meanwhile. */
class ConcurrentJvmsTest {
    private static final int JVMS = 3;
    private static final int STARTS = 20;

    @Test
    void startsAndStopsOfSeveralJvmsDoNotDisturbEachOther(@TempDir Path temp) throws Exception {
        var jvms = new ArrayList<Process>();
        for (int i = 0; i < JVMS; i++) {
            jvms.add(starter(temp));
        }
        for (Process jvm : jvms) {
            assertThat(jvm.waitFor()).isZero();
        }
    }

    private static Process starter(Path temp) throws IOException {
        return OtherJvm.running(Starter.class, temp, "-Dlock.tck.servers=process")
                .start();
    }

    /** Starts and ends servers; an exception ends it with exit code 1. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) {
            for (int i = 0; i < STARTS; i++) {
                RedisServer.start().close();
            }
        }
    }
}
