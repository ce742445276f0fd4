// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.history;

import io.interlock.tck.RuleId;
import io.interlock.tck.history.Finding.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A number that lock holders read and then write, as the resource which a lock protects would be. Remembers every
 * access, so that it can be said afterwards whether fencing did its work (14.05). Thread-safe.
 *
 * <p>Reads carry the token too: a register that learns of a new holder only by its first write still lets a write of
 * the former one through, between the new holder's read and its write.
 */
public final class FencedRegister {
    /** What the register does about tokens. */
    public enum Mode {
        /** It refuses a token that is smaller than one it has seen. */
        FENCED,
        /** It accepts everything, to show what happens then. */
        UNFENCED
    }

    /**
     * One read or write, in the order in which the register saw them. Immutable.
     *
     * @param process who
     * @param write whether it is a write
     * @param token of the holder
     * @param base of a write: the value that was read before
     * @param value that was read, or is to be written
     * @param accepted whether the register did it
     */
    public record Access(String process, boolean write, long token, long base, long value, boolean accepted) {}

    private static final RuleId RULE = new RuleId(14, 5);

    private final Mode mode;
    private final Lock guard = new ReentrantLock();
    private final List<Access> accesses = new ArrayList<>(); // guarded by guard, as the next two
    private long value;
    private long highest;

    /**
     * A register with the value zero.
     *
     * @param mode what it does about tokens
     */
    public FencedRegister(Mode mode) {
        this.mode = mode;
    }

    /**
     * Reads.
     *
     * @param process who
     * @param token of the reader's grant
     * @return the value, or empty if refused
     */
    public OptionalLong read(String process, long token) {
        guard.lock();
        try {
            boolean accepted = accepts(token);
            accesses.add(new Access(process, false, token, value, value, accepted));
            return accepted ? OptionalLong.of(value) : OptionalLong.empty();
        } finally {
            guard.unlock();
        }
    }

    /**
     * Writes.
     *
     * @param process who
     * @param token of the writer's grant
     * @param base the value that it read, and that the new one is made from
     * @param written the new value
     * @return whether it was accepted
     */
    public boolean write(String process, long token, long base, long written) {
        guard.lock();
        try {
            boolean accepted = accepts(token);
            accesses.add(new Access(process, true, token, base, written, accepted));
            if (accepted) {
                value = written;
            }
            return accepted;
        } finally {
            guard.unlock();
        }
    }

    private boolean accepts(long token) {
        if (mode == Mode.FENCED && token < highest) {
            return false;
        }
        highest = Math.max(highest, token);
        return true;
    }

    /** {@return all accesses, in order} */
    public List<Access> accesses() {
        guard.lock();
        try {
            return List.copyOf(accesses);
        } finally {
            guard.unlock();
        }
    }

    /** {@return what broke 14.05; empty if no stale write was accepted and no update was lost} */
    public List<Violation> violations() {
        return judge(accesses());
    }

    /**
     * Judges a list of accesses, such as those of a real resource.
     *
     * @param accesses in the order in which the resource saw them; its first value is zero
     * @return what broke 14.05
     */
    public static List<Violation> judge(List<Access> accesses) {
        List<Violation> found = new ArrayList<>();
        long value = 0;
        long highest = 0;
        for (Access access : accesses) {
            if (!access.accepted()) {
                continue;
            }
            if (access.write() && access.token() < highest) {
                found.add(violation("stale write accepted: " + access.process() + " wrote " + access.value()
                        + " with token " + access.token() + " after token " + highest + " had been seen"));
            }
            if (access.write() && access.base() != value) {
                found.add(violation("lost update: " + access.process() + " with token " + access.token() + " wrote "
                        + access.value() + ", made from " + access.base() + ", over " + value));
            }
            highest = Math.max(highest, access.token());
            value = access.write() ? access.value() : value;
        }
        return found;
    }

    private static Violation violation(String what) {
        return new Violation(RULE, RULE + " " + what, List.of());
    }
}
