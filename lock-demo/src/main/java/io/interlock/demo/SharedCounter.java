// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The resource that the lock protects: a number in a file that all workers share, and who touched it last. Nothing in
 * here is atomic, on purpose: two that count at once lose an update.
 */
final class SharedCounter implements AutoCloseable {
    private static final int COUNT_AT = 0;
    private static final int LEFT_AT = Long.BYTES;
    private static final int SIZE = 3 * Long.BYTES;

    private final FileChannel file;

    private SharedCounter(FileChannel file) {
        this.file = file;
    }

    static void create(Path path) throws IOException {
        Files.write(path, new byte[SIZE]);
    }

    static SharedCounter open(Path path) throws IOException {
        return new SharedCounter(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    long count() throws IOException {
        return read(COUNT_AT, Long.BYTES).getLong();
    }

    /** Reads, lets others run, and writes one more. */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is to provoke the race, not to prevent it
    void increment() throws IOException {
        long before = count();
        Thread.yield();
        write(COUNT_AT, ByteBuffer.allocate(Long.BYTES).putLong(before + 1));
    }

    /** Notes that somebody is about to release the lock. */
    void leave(Departure departure) throws IOException {
        write(
                LEFT_AT,
                ByteBuffer.allocate(2 * Long.BYTES).putLong(departure.nanos()).putLong(departure.who()));
    }

    Departure lastDeparture() throws IOException {
        ByteBuffer bytes = read(LEFT_AT, 2 * Long.BYTES);
        return new Departure(bytes.getLong(), bytes.getLong());
    }

    private ByteBuffer read(int position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("counter file is too short");
            }
        }
        return bytes.flip();
    }

    private void write(int position, ByteBuffer bytes) throws IOException {
        bytes.flip();
        while (bytes.hasRemaining()) {
            file.write(bytes, position + bytes.position());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /**
     * The last moment of a hold.
     *
     * @param nanos {@link System#nanoTime}, which processes on one machine can compare
     * @param who the thread; 0 before the first
     */
    record Departure(long nanos, long who) {}
}
