// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.history.CheckResult;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryChecker;
import io.interlock.tck.history.HistoryFile;
import io.interlock.tck.history.HistoryHeader.Refusals;
import io.interlock.tck.history.HistoryRecorder;
import io.interlock.tck.history.Latencies;
import io.interlock.tck.run.NotVerified;
import io.interlock.tck.run.Rule;
import io.interlock.tck.run.TimingError;
import io.interlock.tck.run.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** §14: histories. */
public class HistoryRules {
    @Rule("14.01")
    void r14_01_holdsNeverOverlap(Trial trial) throws Exception {
        JudgedHistory.of(trial, "14.01", RecordedRun.of(trial)).require();
    }

    @Rule("14.02")
    void r14_02_tokensAreUniqueAndInOrder(Trial trial) throws Exception {
        JudgedHistory.of(trial, "14.02", RecordedRun.of(trial)).require();
    }

    @Rule("14.03")
    void r14_03_oneOrderExplainsEveryAnswer(Trial trial) throws Exception {
        JudgedHistory.of(trial, "14.03", RecordedRun.of(trial)).require();
    }

    @Rule("14.04")
    void r14_04_refusalsAreJustified(Trial trial) throws Exception {
        var judged = JudgedHistory.of(trial, "14.04", RecordedRun.of(trial));
        judged.require();
        List<Violation> measured = judged.result().measured();
        int refusals = judged.result().counts().refusals();
        if (!measured.isEmpty()) {
            throw NotVerified.measuredOnly(
                    measured.size() + " of " + refusals + " refusals while nobody can have held the lock");
        }
        if (refusals == 0) {
            throw judged.failure("nobody was refused a lock, not even a held one; that proves nothing");
        }
    }

    @Rule("14.05")
    void r14_05_fencedRegisterLosesNoUpdate(Trial trial) throws Exception {
        FencedUse.of(trial);
    }

    @Rule("14.06")
    void r14_06_waitersAreServedInTime(Trial trial) throws Exception {
        History history = Waits.of(trial);
        Latencies latencies = Latencies.of(history);
        measure(trial, "hand-off in a history", trial.bounds().wakeUp(), latencies.handOffs());
        measure(trial, "grant after a crash in a history", trial.bounds().crashRelease(), latencies.crashReleases());
        measure(trial, "grant after an expiry in a history", trial.bounds().crashRelease(), latencies.expiries());
        List<Violation> late =
                latencies.violations(history.header(), trial.settings().scale());
        var judged = JudgedHistory.of(trial, "14.06", history);
        if (!late.isEmpty()) {
            throw new TimingError(JudgedHistory.words(late) + judged.where());
        }
        if (latencies.handOffs().isEmpty() || latencies.crashReleases().isEmpty()) {
            throw judged.failure("no waiter was served after a release, or after a crash; that proves nothing");
        }
    }

    private static void measure(Trial trial, String what, Duration bound, List<Duration> latencies) {
        latencies.forEach(one -> trial.measure(what, bound, one.toNanos()));
    }

    @Rule("14.08")
    void r14_08_savedHistoryIsJudgedAlike(Trial trial) throws Exception {
        var judged = JudgedHistory.of(trial, "14.08", RecordedRun.of(trial));
        Path file = judged.save();
        History read = HistoryFile.read(file);
        if (!read.equals(judged.history())) {
            throw new AssertionError("the history in " + file + " is not the one that was saved: "
                    + read.events().size() + " events of "
                    + judged.history().events().size());
        }
        CheckResult again = HistoryChecker.standard().check(read);
        if (!again.findings().equals(judged.result().findings())) {
            throw new AssertionError("the history in " + file + " is judged otherwise than before it was saved: "
                    + JudgedHistory.words(again.findings()) + " instead of "
                    + JudgedHistory.words(judged.result().findings()));
        }
        String page = Files.readString(JudgedHistory.page(file));
        String lock = read.events().get(0).lock();
        if (!page.contains(lock)) {
            throw new AssertionError("the time line beside " + file + " does not show lock '" + lock + "'");
        }
    }

    @Rule("14.09")
    void r14_09_checkerFindsWhatIsPlanted(Trial trial) throws Exception {
        var recorder = new HistoryRecorder();
        Turns.take(recorder, trial.client(), trial.client(), trial.name());
        History history = recorder.history(RecordedRun.header(trial).withRefusals(Refusals.JUDGED));
        new SelfTest(history, HistoryChecker.standard()::check).run();
    }
}
