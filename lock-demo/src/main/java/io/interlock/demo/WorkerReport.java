// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * What a worker, or one thread of it, did. Not changed after it was made.
 *
 * @param increments how often it counted
 * @param elapsed from the start signal to the end
 * @param handovers microseconds from before another's release to after the own acquisition
 */
record WorkerReport(long increments, Duration elapsed, Histogram handovers) {
    private static final long LONGEST_MICROS = Duration.ofHours(2).toMillis() * 1000;
    private static final int DIGITS = 3;

    static Histogram newHistogram() {
        return new Histogram(LONGEST_MICROS, DIGITS);
    }

    String encode() {
        ByteBuffer buffer = ByteBuffer.allocate(handovers.getNeededByteBufferCapacity());
        int length = handovers.encodeIntoCompressedByteBuffer(buffer);
        buffer.flip();
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new Fields()
                .with("increments", increments)
                .with("micros", elapsed.toNanos() / 1000)
                .with("handovers", Base64.getEncoder().encodeToString(bytes))
                .encode();
    }

    static WorkerReport decode(String line) {
        Fields fields = Fields.decode(line);
        ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(fields.text("handovers")));
        try {
            return new WorkerReport(
                    fields.number("increments"),
                    Duration.ofNanos(fields.number("micros") * 1000),
                    Histogram.decodeFromCompressedByteBuffer(buffer, LONGEST_MICROS));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("malformed histogram from a worker", e);
        }
    }
}
