// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.interlock.tck.Link;
import io.interlock.tck.NetworkControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to bytes and connections on a link, seen by a client and by a server. */
class LinkTest {
    /** Long enough for a byte to arrive on an idle machine, if it is on its way. */
    private static final Duration A_WHILE = Duration.ofMillis(150);

    private final Link link = NetworkControl.loopback().newLink();
    private LineServer server;

    @BeforeEach
    void open() throws IOException {
        server = new LineServer();
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        server.close();
    }

    @Test
    void healthyLinkPassesBytesAndEndsInBothDirections() throws IOException {
        var client = client();
        assertThat(client.ask("a")).isEqualTo("re a");
        client.close();
        await().until(() -> server.ended() == 1);
        var other = client();
        assertThat(other.ask("b")).isEqualTo("re b");
        server.hangUp(1);
        assertThat(other.hear()).isEqualTo(LineClient.END);
    }

    @Test
    void largeMessageArrivesWhole() throws IOException {
        String large = "x".repeat(300_000);
        assertThat(client().ask(large)).isEqualTo("re " + large);
    }

    @Test
    void everyServerHasOneEndOnTheLoopbackAddress() throws IOException {
        try (var second = new LineServer()) {
            InetSocketAddress end = link.endFor(server.address());
            assertThat(end.getAddress().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(link.endFor(server.address())).isEqualTo(end);
            assertThat(link.endFor(InetSocketAddress.createUnresolved(
                            "127.0.0.1", server.address().getPort())))
                    .isEqualTo(end);
            assertThat(link.endFor(second.address())).isNotEqualTo(end);
        }
    }

    @Test
    void clientOfAServerThatIsDownIsEnded() throws IOException {
        try (var silent = new Socket()) { // bound, so that nobody else can listen there, and not listening
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var down = (InetSocketAddress) silent.getLocalSocketAddress();
            assertThat(LineClient.firstWord(link.endFor(down))).isEqualTo(LineClient.END);
        }
    }

    @Test
    void resetEndsOpenConnectionsAndLetsNewOnesThrough() throws IOException {
        var client = client();
        client.ask("a");
        link.reset();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        await().until(() -> server.ended() == 1);
        assertThat(client().ask("b")).isEqualTo("re b");
    }

    @Test
    void cutEndsOpenAndNewConnectionsUntilHealed() throws IOException {
        var client = client();
        client.ask("a");
        link.cut();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        await().until(() -> server.ended() == 1);
        assertThat(LineClient.firstWord(link.endFor(server.address()))).isEqualTo(LineClient.END);
        assertThat(server.connections()).isEqualTo(1);
        link.reset();
        assertThat(LineClient.firstWord(link.endFor(server.address()))).isEqualTo(LineClient.END);
        link.heal();
        assertThat(client().ask("b")).isEqualTo("re b");
    }

    @Test
    void bytesVanishInABlackHoleWhileConnectionsStayOpen() throws IOException {
        var sender = client();
        var listener = client();
        sender.ask("a");
        listener.ask("a");
        link.blackHole();
        sender.say("b\n");
        server.say(1, "news\n");
        assertThat(sender.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(listener.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(server.lines()).containsExactly("a", "a");
        assertThat(server.ended()).isZero();
        link.heal();
        assertThat(sender.hear()).isEqualTo(LineClient.END);
        assertThat(listener.hear()).isEqualTo(LineClient.END);
        assertThat(server.lines()).containsExactly("a", "a");
    }

    @Test
    void connectionThatLostNothingInABlackHoleGoesOn() throws IOException {
        var client = client();
        client.ask("a");
        link.blackHole();
        link.heal();
        assertThat(client.ask("b")).isEqualTo("re b");
    }

    @Test
    void newConnectionsIntoABlackHoleHang() throws IOException {
        link.blackHole();
        var talker = client();
        var silent = client();
        assertThat(talker.say("a\n").hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(server.connections()).isZero();
        link.heal();
        assertThat(talker.hear()).isEqualTo(LineClient.END);
        assertThat(silent.ask("b")).isEqualTo("re b");
        assertThat(server.lines()).containsExactly("b");
    }

    @Test
    void blackHoleSwallowsTheEndOfAConnectionToo() throws IOException {
        var client = client();
        client.ask("a");
        var bereft = client();
        bereft.ask("a");
        link.blackHole();
        client.close();
        server.hangUp(1);
        assertThat(bereft.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(server.ended()).isEqualTo(1);
        link.heal();
        await().until(() -> server.ended() == 2);
        assertThat(bereft.hear()).isEqualTo(LineClient.END);
    }

    @Test
    void deafConnectionsLoseBytesWhileNewOnesWork() throws IOException {
        var client = client();
        client.ask("a");
        link.goDeaf();
        assertThat(client.say("b\n").hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(client().ask("c")).isEqualTo("re c");
        assertThat(server.lines()).containsExactly("a", "c");
        link.heal();
        assertThat(client.hear()).isEqualTo(LineClient.END);
    }

    @Test
    void delayHoldsInEachDirection() throws IOException {
        var delay = Duration.ofSeconds(1);
        var client = client();
        client.ask("a");
        link.delay(delay, delay);
        long sent = System.nanoTime();
        client.say("b\n");
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> server.lines().contains("b"));
        Duration there = Duration.ofNanos(System.nanoTime() - sent);
        assertThat(client.hear()).isEqualTo("re b");
        Duration thereAndBack = Duration.ofNanos(System.nanoTime() - sent);
        assertThat(there).isBetween(delay, delay.multipliedBy(2));
        assertThat(thereAndBack).isBetween(delay.multipliedBy(2), delay.multipliedBy(4));
        link.heal();
        long healed = System.nanoTime();
        client.ask("c");
        assertThat(Duration.ofNanos(System.nanoTime() - healed)).isLessThan(delay);
    }

    @Test
    void delaysAreDrawnFromTheRangeAndNothingOvertakes() throws IOException {
        var client = client();
        link.delay(Duration.ofMillis(5), Duration.ofMillis(200), new Random(7));
        var times = new ArrayList<Duration>();
        for (int i = 0; i < 8; i++) {
            long sent = System.nanoTime();
            client.ask("a" + i);
            times.add(Duration.ofNanos(System.nanoTime() - sent));
        }
        assertThat(times).allMatch(time -> time.compareTo(Duration.ofMillis(10)) >= 0);
        assertThat(times).anyMatch(time -> time.compareTo(Duration.ofMillis(300)) < 0);
        assertThat(times).anyMatch(time -> time.compareTo(Duration.ofMillis(100)) > 0);
        List<String> burst = IntStream.range(0, 50).mapToObj(i -> "b" + i).toList();
        for (String line : burst) {
            client.say(line + "\n");
        }
        await().until(() -> server.lines().size() == 58);
        assertThat(server.lines().subList(8, 58)).isEqualTo(burst);
    }

    @Test
    void delayedBytesVanishInABlackHole() throws IOException {
        var client = client();
        client.ask("a");
        link.delay(Duration.ofSeconds(5), Duration.ofSeconds(5));
        client.say("b\n");
        await().pollDelay(A_WHILE).until(() -> true); // for the link to have read it
        link.blackHole();
        link.heal();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        assertThat(server.lines()).containsExactly("a");
    }

    @Test
    void impossibleDelaysAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> link.delay(Duration.ofMillis(2), Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> link.delay(Duration.ofMillis(-1), Duration.ofMillis(1)));
    }

    @Test
    void linkWithoutALanguageRefusesWhatNeedsCommands() {
        assertThat(link.tellsCommandsApart()).isFalse();
        assertThatThrownBy(() -> link.hold(command -> true)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> link.loseReply(command -> true)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> link.cutAfter(1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(link::commandCount).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void closeEndsConnectionsListenersAndThreads() throws IOException {
        var client = client();
        client.ask("a");
        InetSocketAddress end = link.endFor(server.address());
        link.close();
        link.close();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        await().until(() -> server.ended() == 1);
        assertThatThrownBy(() -> new LineClient(end)).isInstanceOf(IOException.class);
        assertThatIllegalStateException().isThrownBy(() -> link.endFor(server.address()));
        assertThatIllegalStateException().isThrownBy(link::cut);
        link.heal();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("lock-tck-link"));
    }

    @Test
    void callsGoOnForAnInterruptedThread() throws IOException {
        var client = client();
        client.ask("a");
        Thread.currentThread().interrupt();
        link.cut();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(client.hear()).isEqualTo(LineClient.END);
    }

    private LineClient client() throws IOException {
        return new LineClient(link.endFor(server.address()));
    }
}
