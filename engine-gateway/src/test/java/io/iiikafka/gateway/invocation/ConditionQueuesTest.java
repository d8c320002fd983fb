package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.iiikafka.gateway.invocation.ConditionQueues.Place;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.RoutedCall;
import org.junit.jupiter.api.Test;

/** What waits is bounded, and gives its room back whichever way it goes. */
class ConditionQueuesTest {

    private static final int ROOM = 100;
    private static final int MOST = 3;

    private final LargePayloads room = new LargePayloads(ROOM);
    private final ConditionQueues queues = new ConditionQueues(room, MOST);

    private static Delivery delivery(int bytes, long deadlineMs) {
        RawJson data = RawJson.of('"' + "x".repeat(bytes - 2) + '"');
        Call call = new Call("id", "f", Call.DEFAULT_NAMESPACE, data, null, false, null, null, null, deadlineMs);
        return new Delivery(new RoutedCall(call, null, 0, 0), SlotProgress.Mark.detached());
    }

    private Place enter(String subject, int bytes, long deadlineMs) {
        return queues.enter(subject, new ConditionQueues.Waiting(delivery(bytes, deadlineMs), () -> {}));
    }

    private Place enter(String subject, int bytes) {
        return enter(subject, bytes, Long.MAX_VALUE);
    }

    private void assertAllRoomIsBack() {
        assertThat(room.take(delivery(ROOM, 1).call())).isTrue();
        assertThat(room.take(delivery(2, 1).call())).as("and no more").isFalse();
    }

    @Test
    void shouldLetNoMoreWaitThanThereIsRoomForAndGiveTheRoomBackInTurn() {
        assertThat(enter("a", 500)).isEqualTo(Place.FIRST);
        assertThat(enter("b", 500)).as("of something else").isEqualTo(Place.FIRST);
        assertThat(enter("a", 60)).isEqualTo(Place.WAITS);
        assertThat(enter("b", 60)).isEqualTo(Place.NO_ROOM);
        assertThat(enter("b", 40)).isEqualTo(Place.WAITS);
        assertThat(queues.next("a")).isNotNull();
        assertThat(enter("b", 60)).isEqualTo(Place.WAITS);

        assertThat(queues.next("a")).isNull();
        assertThat(enter("a", 500)).isEqualTo(Place.FIRST);
        assertThat(queues.next("b")).isNotNull();
        assertThat(queues.next("b")).isNotNull();
        assertAllRoomIsBack();
    }

    @Test
    void shouldLetNoMoreWaitThanItMay() {
        enter("a", 10);
        enter("b", 10);
        for (String subject : new String[] {"a", "a", "b"}) {
            assertThat(enter(subject, 2)).isEqualTo(Place.WAITS);
        }
        assertThat(enter("b", 2)).isEqualTo(Place.NO_ROOM);
        queues.next("a");
        assertThat(enter("b", 2)).isEqualTo(Place.WAITS);

        queues.clear();
        assertThat(queues.next("a")).isNull();
        assertAllRoomIsBack();
    }

    @Test
    void shouldLeaveOthersTheirPartWhenMuchOfOneSubjectWaits() {
        enter("a", 10);
        enter("b", 10);
        assertThat(enter("a", 2)).isEqualTo(Place.WAITS);
        assertThat(enter("a", 2)).isEqualTo(Place.WAITS);
        assertThat(enter("a", 2)).as("more than its part").isEqualTo(Place.NO_ROOM);
        assertThat(enter("b", 2)).isEqualTo(Place.WAITS);
    }

    @Test
    void shouldTakeOutWhatIsLateAndKeepTheTurnOfWhatCameFirst() {
        enter("a", 10, 5);
        enter("a", 60, 5);
        enter("a", 40, 6);
        assertThat(queues.expire(6)).hasSize(1);
        assertThat(enter("a", 60, 5)).isEqualTo(Place.WAITS);
        assertThat(queues.expire(7)).hasSize(2);
        assertAllRoomIsBack();
        assertThat(enter("a", 2)).as("behind the first").isEqualTo(Place.NO_ROOM);
    }
}
