package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.RoutedCall;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits is bounded by its bytes, and gives its room back whichever way it goes. */
class SubscriberBufferTest {

    private static final int ROOM = 100;

    private final LargePayloads room = new LargePayloads(ROOM);
    private final SubscriberBuffer buffer = new SubscriberBuffer(room);
    private final List<String> dropped = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private int asked;

    @BeforeEach
    void watch() {
        buffer.use(10, new EventWatch() {
            @Override
            public void dropped(String topic) {
                dropped.add(topic);
            }
        });
    }

    private static Delivery event(String name, String worker, int bytes, long deadlineMs) {
        RawJson data = RawJson.of('"' + "x".repeat(bytes - 2) + '"');
        Call call = new Call(name, "f", Call.DEFAULT_NAMESPACE, data, null, false, null, null, null, deadlineMs);
        return new Delivery(
                new RoutedCall(call, null, 0, 0, null, worker, name), SlotProgress.Mark.detached());
    }

    private static Delivery event(String name, String worker, int bytes) {
        return event(name, worker, bytes, Long.MAX_VALUE);
    }

    private void add(Delivery... events) {
        for (Delivery event : events) {
            buffer.add(event);
        }
    }

    private @Nullable Runnable goes(Delivery event) {
        asked++;
        return () -> gone.add(event.call().invocationId());
    }

    private @Nullable Runnable waitsOn(Delivery event) {
        asked++;
        return null;
    }

    private void assertAllRoomIsBack() {
        assertThat(room.take(event("a", "w", ROOM).call())).isTrue();
        assertThat(room.take(event("b", "w", 2).call())).as("and no more").isFalse();
    }

    @Test
    void shouldDropTheOldestOfTheSameSubscriberUntilThereIsRoom() {
        add(event("of another", "v", 20), event("1", "w", 30), event("2", "w", 30), event("3", "w", 20));
        assertThat(dropped).isEmpty();
        add(event("4", "w", 50));
        assertThat(dropped).containsExactly("1", "2");
        buffer.look(this::goes);
        assertThat(gone).containsExactlyInAnyOrder("of another", "3", "4").containsSubsequence("3", "4");
        assertAllRoomIsBack();
    }

    @Test
    void shouldDropThoseOfOthersWhenTheSubscriberHasNone() {
        add(event("1", "v", 60), event("2", "v", 40), event("3", "w", 50));
        assertThat(dropped).containsExactly("1");
    }

    @Test
    void shouldDropWhatHasNoRoomBesideOtherCalls() {
        Call other = event("call", "w", ROOM).call();
        assertThat(room.take(other)).isTrue();
        add(event("1", "w", 30));
        assertThat(dropped).containsExactly("1");
        room.giveBack(other);
        assertAllRoomIsBack();
    }

    @Test
    void shouldKeepTheRoomOfWhatWaitsOnAndGiveBackThatOfWhatIsLate() {
        add(event("1", "w", 60, 5), event("2", "w", 40));
        buffer.look(this::waitsOn);
        assertThat(room.take(event("call", "w", 2).call())).isFalse();
        buffer.expire(6);
        assertThat(dropped).containsExactly("1");
        assertThat(room.take(event("call", "w", 60).call())).isTrue();
    }

    @Test
    void shouldGiveBackTheRoomOfWhatIsOneTooMany() {
        for (int n = 0; n < 30; n++) {
            add(event("" + n, "w", 3));
        }
        assertThat(dropped).hasSize(20).startsWith("0", "1").endsWith("18", "19");
        buffer.look(this::goes);
        assertThat(gone).hasSize(10);
        assertAllRoomIsBack();
    }

    @Test
    void shouldLookAtFewSubscribersWhenACallEndsAndAtTheSameFirst() {
        for (int n = 0; n < 30; n++) {
            add(event("" + n, "w" + n, 2));
        }
        buffer.freed(event("ended", "w20", 2), this::waitsOn);
        assertThat(asked).isBetween(1, 5);
        Function<Delivery, @Nullable Runnable> own =
                event -> "w20".equals(event.routed().worker()) ? goes(event) : waitsOn(event);
        buffer.freed(event("ended", "w20", 2), own);
        assertThat(gone).containsExactly("20");
        for (int calls = 0; calls < 8; calls++) {
            buffer.freed(event("ended", "another", 2), this::goes);
        }
        assertThat(gone).as("in turn, all").hasSize(30);
    }
}
