package io.iiikafka.topology.keeper.trigger;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Removes what was noted of triggers that have been gone for a day; one that comes back before goes on where it was. Bit by
 * bit, of one partition, used on its thread.
 *
 * <p>The note {@code start-gone/<trigger>} is since when it has been missed, in epoch milliseconds.
 */
final class Absences {

    /** How names of notes begin that say that all was told. */
    static final String TOLD = "start/";

    private static final String AT = "start-at/";
    private static final String GONE = "start-gone/";

    /** All of them, and others that begin so, are between these names. */
    private static final String FIRST = "start-";

    private static final String BEHIND_LAST = "start0";

    /** So many notes are looked at, and removed, at once. */
    private static final int PAGE = 500;

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;

    /** Reads names of notes from one, inclusive, to another, exclusive. */
    @FunctionalInterface
    interface Names {
        List<String> read(String from, String before, int most);
    }

    private final Function<String, @Nullable RawJson> get;
    private final BiConsumer<String, @Nullable RawJson> put;
    private final Names names;

    /** Of the round that is begun. */
    private String nextName = FIRST;

    private boolean found;

    /** Negative: it is not known yet whether there are notes. */
    private long dueMs = -1;

    Absences(Function<String, @Nullable RawJson> get, BiConsumer<String, @Nullable RawJson> put, Names names) {
        this.get = get;
        this.put = put;
        this.names = names;
    }

    /** When there is something to do, in epoch milliseconds; {@link Long#MAX_VALUE}: nothing is noted. */
    long nextDueMs() {
        if (dueMs < 0) {
            dueMs = names.read(FIRST, BEHIND_LAST, 1).isEmpty() ? Long.MAX_VALUE : 0;
        }
        return dueMs;
    }

    /** There is a note from now on. */
    void noted(long nowMs) {
        dueMs = Math.min(nextDueMs(), nowMs + HOUR_MS);
    }

    /** Goes on with a round, or begins one. */
    void tick(Set<String> live, long nowMs) {
        for (String name : names.read(nextName, BEHIND_LAST, PAGE)) {
            found = true;
            nextName = name + '\0';
            if (name.startsWith(GONE)) {
                if (!settle(name, name.substring(GONE.length()), live, nowMs)) {
                    nextName = name; // more of it is to be removed
                    dueMs = 0;
                    return;
                }
            } else {
                look(name, live, nowMs);
            }
        }
        if (!names.read(nextName, BEHIND_LAST, 1).isEmpty()) {
            dueMs = 0;
            return;
        }
        nextName = FIRST;
        dueMs = found ? nowMs + HOUR_MS : Long.MAX_VALUE;
        found = false;
    }

    private void look(String name, Set<String> live, long nowMs) {
        String trigger = trigger(name);
        boolean there = get.apply(name) != null; // not removed a moment ago
        if (there && trigger != null && !live.contains(trigger) && get.apply(GONE + trigger) == null) {
            put.accept(GONE + trigger, RawJson.of(Long.toString(nowMs)));
        }
    }

    private static @Nullable String trigger(String name) {
        if (name.startsWith(TOLD)) {
            return name.substring(TOLD.length());
        }
        if (!name.startsWith(AT)) {
            return null;
        }
        int end = name.indexOf('\0');
        return name.substring(AT.length(), end < 0 ? name.length() : end);
    }

    /** False: there is more to be removed. */
    private boolean settle(String name, String trigger, Set<String> live, long nowMs) {
        if (live.contains(trigger)) {
            put.accept(name, null);
            return true;
        }
        if (Long.parseLong(String.valueOf(get.apply(name))) >= nowMs - DAY_MS) {
            return true;
        }
        String place = AT + trigger;
        List<String> places = names.read(place + '\0', place + '\1', PAGE);
        places.forEach(each -> put.accept(each, null));
        if (places.size() == PAGE) {
            return false;
        }
        put.accept(place, null);
        put.accept(TOLD + trigger, null);
        put.accept(name, null);
        return true;
    }
}
