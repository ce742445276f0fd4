// SPDX-License-Identifier: Apache-2.0
package io.interlock.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a Redis sentinel is run: the same executable in another mode. Immutable.
 *
 * @param redis with the sentinel's settings
 */
record RedisSentinelRecipe(RedisRecipe redis) implements ServerRecipe {
    @Override
    public String name() {
        return "Redis Sentinel";
    }

    @Override
    public String kind() {
        return "redis-sentinel";
    }

    @Override
    public Pattern ready() {
        return Pattern.compile("\\+monitor master");
    }

    @Override
    public Pattern version() {
        return redis.version();
    }

    @Override
    public List<String> processCommand(ServerHome home, Path folder, int port) throws IOException {
        var command = new ArrayList<>(redis.processCommand(home, folder, port));
        command.add("--sentinel");
        return command;
    }

    @Override
    public ContainerRecipe container() {
        throw new UnsupportedOperationException("sentinels are run as processes only");
    }
}
