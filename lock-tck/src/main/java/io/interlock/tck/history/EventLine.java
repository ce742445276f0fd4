// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The begins and answers of tasks in order of time, as a doubly linked list from which the two of a task are lifted
 * when it has got its place, and put back in reverse order. Places are numbered from 1; 0 is both ends. Confined to
 * one thread.
 */
final class EventLine {
    static final int END = 0;

    private final List<Task> tasks;
    private final int[] taskAt;
    private final boolean[] isAnswer;
    private final int[] begin;
    private final int[] answer;
    private final int[] next;
    private final int[] previous;
    private int left;

    private record Entry(long nanos, boolean answer, int task) {}

    EventLine(List<Task> tasks) {
        this.tasks = tasks;
        int size = 2 * tasks.size() + 1;
        taskAt = new int[size];
        isAnswer = new boolean[size];
        begin = new int[tasks.size()];
        answer = new int[tasks.size()];
        next = new int[size];
        previous = new int[size];
        left = tasks.size();
        List<Entry> entries = new ArrayList<>(size);
        for (int task = 0; task < tasks.size(); task++) {
            entries.add(new Entry(tasks.get(task).call().calledAt(), false, task));
            entries.add(new Entry(tasks.get(task).call().returnedAt(), true, task));
        }
        // of two at the same instant the begin is first: they may have been at the same time
        entries.sort(Comparator.comparingLong(Entry::nanos).thenComparing(Entry::answer));
        for (int place = 1; place < size; place++) {
            put(place, entries.get(place - 1));
            link(place - 1, place);
        }
        link(size - 1, END);
    }

    private void put(int place, Entry entry) {
        taskAt[place] = entry.task();
        isAnswer[place] = entry.answer();
        (entry.answer() ? answer : begin)[entry.task()] = place;
    }

    boolean isEmpty() {
        return left == 0;
    }

    /** How many tasks have no place in the order yet. */
    int left() {
        return left;
    }

    int first() {
        return next[END];
    }

    int after(int place) {
        return next[place];
    }

    boolean isAnswer(int place) {
        return isAnswer[place];
    }

    int task(int place) {
        return taskAt[place];
    }

    int begin(int task) {
        return begin[task];
    }

    /** The first answer that is still there: whatever comes next in the order, comes before it. */
    int firstAnswer() {
        int place = first();
        while (!isAnswer[place]) {
            place = next[place];
        }
        return place;
    }

    /** The latest instant at which the next thing can happen. */
    long deadline() {
        return tasks.get(taskAt[firstAnswer()]).call().returnedAt();
    }

    void lift(int task) {
        unlink(begin[task]);
        unlink(answer[task]);
        left--;
    }

    /** Undoes the last {@link #lift} that is not undone yet. */
    void putBack(int task) {
        relink(answer[task]);
        relink(begin[task]);
        left++;
    }

    private void link(int before, int after) {
        next[before] = after;
        previous[after] = before;
    }

    private void unlink(int place) {
        link(previous[place], next[place]);
    }

    private void relink(int place) {
        next[previous[place]] = place;
        previous[next[place]] = place;
    }
}
