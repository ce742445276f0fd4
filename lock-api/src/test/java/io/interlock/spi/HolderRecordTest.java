// SPDX-License-Identifier: Apache-2.0
package io.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.interlock.HolderInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class HolderRecordTest {
    @Test
    void whatIsWrittenIsRead() {
        var holder = new HolderInfo(
                "web=3&x",
                4711,
                "pool-1 thread-2 🚀",
                Optional.of("nightly import\r\n"),
                Optional.of(Instant.parse("2026-11-21T10:00:00.123456Z")),
                OptionalLong.of(1_755_555_555_555_555L));
        String text = HolderRecord.encode(holder);
        assertThat(text).matches("[\\x21-\\x7e]+");
        assertThat(HolderRecord.decode(text)).isEqualTo(holder);
    }

    @Test
    void theFormIsFrozen() {
        var holder =
                new HolderInfo("web-3", 4711, "main", Optional.empty(), Optional.of(Instant.EPOCH), OptionalLong.of(5));
        assertThat(HolderRecord.encode(holder))
                .isEqualTo("host=web-3&pid=4711&thread=main&since=1970-01-01T00%3A00%3A00Z&token=5");
    }

    @Test
    void whatIsMalformedIsLeftOut() {
        for (String text : new String[] {"", "&&&", "host", "host=%zz&pid=x&since=yesterday&token=", "=1"}) {
            HolderInfo holder = HolderRecord.decode(text);
            assertThat(holder.host()).isEqualTo("unknown");
            assertThat(holder.pid()).isZero();
            assertThat(holder.since()).isEmpty();
            assertThat(holder.fencingToken()).isEmpty();
        }
    }
}
