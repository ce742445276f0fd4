// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.rules;

import io.interlock.tck.RuleId;
import io.interlock.tck.history.CheckResult;
import io.interlock.tck.history.Finding;
import io.interlock.tck.history.Finding.Violation;
import io.interlock.tck.history.History;
import io.interlock.tck.history.HistoryChecker;
import io.interlock.tck.history.HistoryFile;
import io.interlock.tck.history.TimelineHtml;
import io.interlock.tck.run.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A recorded history and what the checker says about it. Immutable. */
record JudgedHistory(Trial trial, RuleId rule, History history, CheckResult result) {
    private static final int MOST_SENTENCES = 3;

    /** Asks the checker. */
    static JudgedHistory of(Trial trial, String rule, History history) {
        CheckResult result = HistoryChecker.standard().check(history);
        return new JudgedHistory(trial, RuleId.of(rule), history, result);
    }

    /** Demands that the history keeps the rule, and that the checker knows so. */
    void require() throws IOException {
        if (result.counts().grants() == 0) {
            throw failure("nobody was granted any lock; that proves nothing");
        }
        List<Finding> against =
                result.findings().stream().filter(this::concernsTheRule).toList();
        if (!against.isEmpty()) {
            throw failure(words(against));
        }
    }

    /** No verdict is no pass. */
    private boolean concernsTheRule(Finding finding) {
        return !(finding instanceof Violation violation) || violation.rule().equals(rule);
    }

    static String words(List<? extends Finding> findings) {
        String first =
                findings.stream().limit(MOST_SENTENCES).map(Finding::sentence).collect(Collectors.joining("; "));
        int more = findings.size() - MOST_SENTENCES;
        return more > 0 ? first + "; and " + more + " more" : first;
    }

    /** Saves the history, and makes a failure that names the file. */
    AssertionError failure(String what) throws IOException {
        return new AssertionError(what + where());
    }

    /** Saves the history, and says where. */
    String where() throws IOException {
        Path file = save();
        return " [the history is in " + file + ", its time line in " + page(file) + "]";
    }

    /** Saves the history as JSON lines, and the time line beside it. */
    Path save() throws IOException {
        Path folder = trial.settings().reportDir().resolve("histories");
        Files.createDirectories(folder);
        Path file = folder.resolve(trial.backend().id() + "-" + rule + ".jsonl");
        HistoryFile.write(file, history);
        TimelineHtml.write(page(file), history, result);
        return file;
    }

    static Path page(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.substring(0, name.length() - ".jsonl".length()) + ".html");
    }
}
