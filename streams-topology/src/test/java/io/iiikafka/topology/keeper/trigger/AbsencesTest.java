package io.iiikafka.topology.keeper.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.Test;

class AbsencesTest {

    private static final long HOUR_MS = 3_600_000;

    private final TreeMap<String, RawJson> notes = new TreeMap<>();
    private final Absences absences = new Absences(notes::get, this::put, this::names);
    private long nowMs = 1_700_000_000_000L;

    private void put(String name, RawJson note) {
        if (note == null) {
            notes.remove(name);
        } else {
            notes.put(name, note);
        }
    }

    private List<String> names(String from, String before, int most) {
        return notes.subMap(from, before).keySet().stream().limit(most).toList();
    }

    private void note(String... names) {
        for (String name : names) {
            notes.put(name, RawJson.of("1"));
        }
        absences.noted(nowMs);
    }

    /** As the keeper does: whenever it is due. */
    private void pass(int hours, String... live) {
        long end = nowMs + hours * HOUR_MS;
        while (absences.nextDueMs() <= end) {
            nowMs = Math.max(nowMs, absences.nextDueMs());
            absences.tick(Set.of(live), nowMs);
        }
        nowMs = end;
    }

    @Test
    void shouldRemoveWhatWasNotedOfATriggerThatIsGoneForADay() {
        note("other", "start/id/a", "start-at/id/a", "start-at/id/a\0g1", "start-at/id/a\0g2", "start/id/ab", "zero");
        pass(24, "id/ab");
        assertThat(notes).containsKeys("start/id/a", "start-at/id/a\0g1");
        pass(3, "id/ab");
        assertThat(notes).containsOnlyKeys("other", "start/id/ab", "zero");
        assertThat(absences.nextDueMs()).isLessThanOrEqualTo(nowMs + HOUR_MS);
    }

    @Test
    void shouldKeepWhatWasNotedOfATriggerThatComesBack() {
        note("start/id/a", "start-at/id/b\0g");
        pass(20);
        pass(10, "id/a", "id/b");
        assertThat(notes).containsOnlyKeys("start/id/a", "start-at/id/b\0g");
        pass(20);
        assertThat(notes).containsKeys("start/id/a", "start-at/id/b\0g");
    }

    @Test
    void shouldGoThroughManyBitByBitAndThenRest() {
        for (int i = 0; i < 1_700; i++) {
            note("start-at/id/a\0" + i, "start/id/" + i);
        }
        pass(28);
        assertThat(notes).isEmpty();
        pass(2);
        assertThat(absences.nextDueMs()).isEqualTo(Long.MAX_VALUE);
    }
}
