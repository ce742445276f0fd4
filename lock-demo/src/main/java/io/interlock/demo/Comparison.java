// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import io.interlock.tck.cli.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Carries out the runs of a plan, one after the other. */
final class Comparison {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final Duration LISTEN = Duration.ofMillis(10);
    private static final int MOST_LINES = 20;

    private final Plan plan;
    private final Load load;
    private final Progress progress;
    private final PrintWriter err;
    private final List<String> said = new ArrayList<>();

    Comparison(Plan plan, Load load, Progress progress, PrintWriter err) {
        this.plan = plan;
        this.load = load;
        this.progress = progress;
        this.err = err;
    }

    List<RunResult> run() throws IOException, InterruptedException {
        var results = new ArrayList<RunResult>();
        try (var scratch = Scratch.create();
                var bar = progress.start(plan.runs().size(), load.time())) {
            for (Run run : plan.runs()) {
                bar.begin(run.title());
                results.add(run(run, scratch, bar));
            }
        }
        // not earlier: the bar has the last line of the screen
        said.stream().map(Secrets::masked).forEach(err::println);
        err.flush();
        return results;
    }

    private RunResult run(Run run, Scratch scratch, Progress.Bar bar) throws IOException, InterruptedException {
        Path file = scratch.newCounter();
        var workers = new ArrayList<WorkerProcess>();
        try (var counter = SharedCounter.open(file)) {
            // a name of its own, so that two comparisons on one store don't disturb each other
            String lock = "interlock-demo-" + UUID.randomUUID();
            for (int number = 1; number <= load.workers(); number++) {
                workers.add(scratch.startWorker(
                        new WorkerOrder(number, load.threads(), load.time(), file, run.uri(), lock)));
            }
            List<WorkerReport> reports = startTogether(workers, bar);
            return RunResult.of(run, reports, counter.count());
        } catch (WorkerFailure e) {
            return RunResult.failed(run, e.getMessage());
        } finally {
            scratch.endWorkers();
            note(run, workers);
        }
    }

    private List<WorkerReport> startTogether(List<WorkerProcess> workers, Progress.Bar bar)
            throws WorkerFailure, InterruptedException {
        answers(workers, WorkerMain.READY, START_LIMIT);
        workers.forEach(WorkerProcess::go);
        bar.follow(() -> workers.stream().anyMatch(WorkerProcess::hasNews));
        return answers(workers, WorkerMain.DONE, load.time().plus(END_LIMIT)).stream()
                .map(WorkerReport::decode)
                .toList();
    }

    /** Listens to all at once: the first failure ends the run, whoever has it. */
    private static List<String> answers(List<WorkerProcess> workers, String prefix, Duration limit)
            throws WorkerFailure, InterruptedException {
        long start = System.nanoTime();
        var missing = new ArrayList<>(workers);
        var answers = new ArrayList<String>();
        while (true) {
            for (WorkerProcess worker : List.copyOf(missing)) {
                Optional<String> answer = worker.answer(prefix);
                if (answer.isPresent()) {
                    answers.add(answer.get());
                    missing.remove(worker);
                }
            }
            if (missing.isEmpty()) {
                return answers;
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                throw missing.get(0).silentFor(limit);
            }
            TimeUnit.NANOSECONDS.sleep(LISTEN.toNanos());
        }
    }

    private void note(Run run, List<WorkerProcess> workers) throws IOException {
        for (WorkerProcess worker : workers) {
            List<String> lines = worker.said();
            lines.stream().limit(MOST_LINES).forEach(line -> said.add(run.title() + ", " + line));
            if (lines.size() > MOST_LINES) {
                said.add(run.title() + ", and " + (lines.size() - MOST_LINES) + " more lines of this worker");
            }
        }
    }
}
