package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a cursor of {@code state::list_entries} is good (spec: state.md 7.3). */
class EntrySnapshotsTest {

    private static final EntrySnapshots.Rest REST =
            new EntrySnapshots.Rest(List.of(RawJson.of("[\"k\",1]")), 1, 2, null, "s");

    private long nowMs = 1_000;
    private final EntrySnapshots snapshots = new EntrySnapshots(() -> nowMs);

    private static EntryPage page(@Nullable String cursor) {
        return new EntryPage("s", "caller", 1, 1_000, false, cursor);
    }

    @Test
    void shouldTakeACursorForTwoMinutes() {
        String cursor = snapshots.keep(page(null), REST);
        nowMs += 120_000;
        assertThat(snapshots.take(page(cursor))).isEqualTo(REST);
    }

    @Test
    void shouldRefuseACursorThatIsOlderAndMakeRoomForOthers() {
        String cursor = snapshots.keep(page(null), REST);
        for (int i = 1; i < 256; i++) {
            snapshots.keep(page(null), REST);
        }
        assertThatThrownBy(() -> snapshots.keep(page(null), REST)).hasMessageContaining("SNAPSHOT_CAPACITY");
        nowMs += 120_001;
        assertThatThrownBy(() -> snapshots.take(page(cursor))).hasMessageContaining("INVALID_CURSOR");
        assertThat(snapshots.take(page(snapshots.keep(page(null), REST)))).isEqualTo(REST);
    }
}
