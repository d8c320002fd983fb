package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.queue.ShareGroup;
import io.iiikafka.topology.topics.Topics;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ShareTopicsTest {

    private static final int KAFKAS_MOST = 10;
    private static final int MANY = 40;

    @AutoClose
    private final ShareTopics topics =
            new ShareTopics(TestBroker.clientProperties(), new Topics(TestBroker.freshPrefix()), 1 << 20);

    /** A broker that is asked at once may not have heard of it yet. */
    @Test
    void shouldKnowTheLimitOfDeliveriesThatItHasSet() {
        ShareGroup share = new ShareGroup(1, 60_000, null);
        assertThat(IntStream.range(0, MANY).map(queue -> topics.prepare("q" + queue, share))).containsOnly(KAFKAS_MOST);
        assertThat(topics.prepare("q0", share)).as("prepared before").isEqualTo(KAFKAS_MOST);
    }
}
