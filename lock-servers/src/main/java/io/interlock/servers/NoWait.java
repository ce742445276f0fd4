// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategyTarget;

/**
 * Lets Testcontainers return as soon as Docker does. It would remove a container that ends early together with the log
 * that says why, knows no second start, and looks once a second.
 */
final class NoWait {
    static final StartupCheckStrategy FOR_A_START = new NoStartupCheck();
    static final WaitStrategy FOR_READINESS = new NoReadinessCheck();

    private NoWait() {}

    private static final class NoStartupCheck extends StartupCheckStrategy {
        @Override
        public boolean waitUntilStartupSuccessful(DockerClient client, String container) {
            return true;
        }

        @Override
        public StartupStatus checkStartupState(DockerClient client, String container) {
            return StartupStatus.SUCCESSFUL;
        }
    }

    private static final class NoReadinessCheck implements WaitStrategy {
        @Override
        public void waitUntilReady(WaitStrategyTarget target) {
            // ContainerRun waits, with the log at hand
        }

        @Override
        public WaitStrategy withStartupTimeout(Duration unused) {
            return this;
        }
    }
}
