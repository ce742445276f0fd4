// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.interlock.tck.Command;
import io.interlock.tck.Link;
import io.interlock.tck.NetworkControl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that wait for a command, seen by a client and by a server. */
class LinkCommandsTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    /** Long enough for a byte to arrive on an idle machine, if it is on its way. */
    private static final Duration A_WHILE = Duration.ofMillis(150);

    private final Link link =
            NetworkControl.loopback(() -> LinkCommandsTest::nextLine).newLink();
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
    void commandsArePassedOnAndCountedOverAllConnections() throws IOException {
        assertThat(link.tellsCommandsApart()).isTrue();
        assertThat(client().say("a\nb\n").hear()).isEqualTo("re a");
        assertThat(client().ask("c")).isEqualTo("re c");
        await().until(() -> server.lines().size() == 3);
        assertThat(link.commandCount()).isEqualTo(3);
    }

    @Test
    void commandInPiecesIsOneCommand() throws Exception {
        var held = link.hold(text("split in two"));
        var client = client().say("first\nsplit ");
        assertThat(client.hear()).isEqualTo("re first");
        client.say("in two\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        held.letGo();
        assertThat(client.hear()).isEqualTo("re split in two");
        assertThat(link.commandCount()).isEqualTo(2);
    }

    @Test
    void halfACommandGoesOnWhenTheClientHangsUp() throws IOException {
        client().say("half").close();
        await().until(() -> server.ended() == 1);
        assertThat(server.lines()).containsExactly("half");
        assertThat(link.commandCount()).isZero();
    }

    @Test
    void heldCommandWaitsWithThoseBehindItWhileOtherConnectionsGoOn() throws Exception {
        var held = link.hold(text("b"));
        var client = client().say("a\nb\nc\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        assertThat(held.command())
                .hasValueSatisfying(command -> assertThat(command.text()).isEqualTo("b"));
        assertThat(client.hear()).isEqualTo("re a");
        assertThat(client().ask("b")).isEqualTo("re b"); // one command only is stopped
        assertThat(client.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(server.lines()).containsExactly("a", "b");
        held.letGo();
        assertThat(client.hear()).isEqualTo("re b");
        assertThat(client.hear()).isEqualTo("re c");
        held.letGo();
        held.drop();
        assertThat(client.ask("d")).isEqualTo("re d");
    }

    @Test
    void commandThatIsLetGoReachesTheStoreThoughItsClientHungUp() throws Exception {
        var held = link.hold(text("a"));
        var client = client().say("a\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        client.close();
        assertThat(client().ask("b")).isEqualTo("re b");
        assertThat(server.lines()).containsExactly("b");
        held.letGo();
        await().until(() -> server.ended() == 1);
        assertThat(server.lines()).containsExactly("b", "a");
    }

    @Test
    void droppedCommandNeverReachesTheStore() throws Exception {
        var held = link.hold(text("a"));
        var client = client().say("a\nb\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        held.drop();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        await().until(() -> server.ended() == 1);
        held.letGo();
        assertThat(client().ask("c")).isEqualTo("re c");
        assertThat(server.lines()).containsExactly("c");
    }

    @Test
    void twoHoldsStopTwoCommands() throws Exception {
        var first = link.hold(text("a"));
        var client = client().say("a\na\n");
        assertThat(first.awaitHappened(SOON)).isTrue();
        var second = link.hold(text("a"));
        first.letGo();
        assertThat(second.awaitHappened(SOON)).isTrue();
        assertThat(client.hear()).isEqualTo("re a");
        assertThat(client.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        second.letGo();
        assertThat(client.hear()).isEqualTo("re a");
    }

    @Test
    void holdThatIsLetGoBeforeItsCommandStopsNothing() throws Exception {
        var held = link.hold(text("a"));
        held.letGo();
        assertThat(client().ask("a")).isEqualTo("re a");
        assertThat(held.hasHappened()).isFalse();
        assertThat(held.awaitHappened(Duration.ZERO)).isFalse();
        assertThat(held.command()).isEmpty();
    }

    @Test
    void cutEndsWhatIsHeld() throws Exception {
        var held = link.hold(text("a"));
        var client = client().say("a\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        link.cut();
        held.letGo();
        link.heal();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        assertThat(client().ask("b")).isEqualTo("re b");
        assertThat(server.lines()).containsExactly("b");
    }

    @Test
    void healLetsHeldCommandsGoAndForgetsFaultsThatWait() throws Exception {
        var held = link.hold(text("a"));
        link.loseReply(text("b"));
        link.cutAfter(3);
        var client = client().say("a\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        link.heal();
        assertThat(client.hear()).isEqualTo("re a");
        assertThat(client.ask("b")).isEqualTo("re b");
        assertThat(client.ask("c")).isEqualTo("re c");
    }

    @Test
    void replyIsLostOfTheChosenCommandOnly() throws Exception {
        var lost = link.loseReply(text("b"));
        var client = client();
        var other = client();
        assertThat(client.ask("a")).isEqualTo("re a");
        assertThat(lost.hasHappened()).isFalse();
        assertThat(client.ask("b")).isEqualTo(LineClient.END);
        assertThat(lost.awaitHappened(SOON)).isTrue();
        assertThat(server.lines()).containsExactly("a", "b");
        assertThat(other.ask("b")).isEqualTo("re b");
        await().until(() -> server.ended() == 1);
    }

    @Test
    void replyCountsAsLostOnlyWhenTheStoreHasAnswered() throws Exception {
        server.keepSilent();
        var lost = link.loseReply(text("b"));
        var client = client().say("b\nbehind\n");
        await().until(() -> server.lines().contains("b"));
        assertThat(client.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        assertThat(lost.hasHappened()).isFalse();
        server.say(0, "at last\n");
        assertThat(lost.awaitHappened(SOON)).isTrue();
        assertThat(client.hear()).isEqualTo(LineClient.END);
        assertThat(server.lines()).containsExactly("b");
    }

    @Test
    void repliesFromBeforeTheCommandArePassedOn() throws Exception {
        server.keepSilent();
        var held = link.hold(text("b"));
        var lost = link.loseReply(text("b"));
        var client = client().say("a\nb\n");
        assertThat(held.awaitHappened(SOON)).isTrue();
        await().until(() -> server.lines().contains("a"));
        server.say(0, "first\n");
        held.letGo();
        await().until(() -> server.lines().contains("b"));
        server.say(0, "second\n");
        assertThat(lost.awaitHappened(SOON)).isTrue();
        assertThat(client.hear()).isEqualTo("first");
        assertThat(client.hear()).isEqualTo(LineClient.END);
    }

    @Test
    void replyIsLostThoughTheClientHungUp() throws Exception {
        server.keepSilent();
        var lost = link.loseReply(text("a"));
        var client = client().say("a\n");
        await().until(() -> server.lines().contains("a"));
        client.close();
        server.say(0, "too late\n");
        assertThat(lost.awaitHappened(SOON)).isTrue();
    }

    @Test
    void linkIsCutAfterANumberOfCommands() throws Exception {
        var cut = link.cutAfter(2);
        var first = client();
        var second = client();
        assertThat(first.ask("a")).isEqualTo("re a");
        assertThat(cut.hasHappened()).isFalse();
        assertThat(second.ask("b")).isEqualTo(LineClient.END);
        assertThat(cut.awaitHappened(SOON)).isTrue();
        assertThat(first.hear()).isEqualTo(LineClient.END);
        assertThat(LineClient.firstWord(link.endFor(server.address()))).isEqualTo(LineClient.END);
        assertThat(server.lines()).containsExactly("a", "b");
        link.heal();
        assertThat(client().ask("c")).isEqualTo("re c");
    }

    @Test
    void nothingPassesBetweenTheLastCommandAndTheCut() throws Exception {
        server.keepSilent();
        var cut = link.cutAfter(1);
        var other = client();
        client().say("a\nbehind\n");
        await().until(() -> server.lines().contains("a"));
        other.say("b\n");
        assertThat(other.hearWithin(A_WHILE)).isEqualTo(LineClient.NOTHING);
        server.say(server.connections() == 2 ? 1 : 0, "done\n");
        assertThat(cut.awaitHappened(SOON)).isTrue();
        assertThat(other.hear()).isEqualTo(LineClient.END);
        assertThat(server.lines()).containsExactly("a");
        assertThatIllegalArgumentException().isThrownBy(() -> link.cutAfter(0));
    }

    @Test
    void anotherLanguageIsToldToWhoWaitsForACommand() throws Exception {
        var held = link.hold(text("a"));
        var client = client().say("\u0000\n");
        assertThat(client.hear()).isEqualTo(LineClient.END);
        assertThatIllegalStateException()
                .isThrownBy(() -> held.awaitHappened(Duration.ofMillis(1)))
                .withMessageContaining("not a line");
        assertThatIllegalStateException().isThrownBy(link::commandCount);
    }

    private LineClient client() throws IOException {
        return new LineClient(link.endFor(server.address()));
    }

    private static Predicate<Command> text(String wanted) {
        return command -> command.text().equals(wanted);
    }

    private static Optional<Command> nextLine(ByteBuffer unread) {
        String text = StandardCharsets.ISO_8859_1.decode(unread).toString();
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a line");
        }
        int end = text.indexOf('\n');
        return end < 0
                ? Optional.empty()
                : Optional.of(new Command(Command.Kind.OTHER, text.substring(0, end), end + 1));
    }
}
