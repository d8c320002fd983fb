package io.iiikafka.gateway.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.StreamPeer;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.stream.Delivery;
import io.iiikafka.sdk.stream.LogPage;
import io.iiikafka.sdk.stream.Logged;
import io.iiikafka.sdk.stream.StreamConsumer;
import io.iiikafka.sdk.stream.StreamEvent;
import io.iiikafka.sdk.stream.StreamGroup;
import io.iiikafka.sdk.stream.Streams;
import io.iiikafka.sdk.stream.Subscription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Java SDK offers for the log of a stream, for those who share its events, and for who may listen. */
@Timeout(60)
class JavaStreamLogTest {

    private static TestEngine engine;
    private static Worker worker;
    private static Streams streams;

    private final String stream = "jobs-" + UUID.randomUUID();
    private final StreamGroup<String> group = streams.group(stream, "g", String.class);

    @BeforeAll
    static void start() throws Exception {
        engine = TestEngine.start();
        worker = Iii.connect(
                URI.create(engine.gateway().url()),
                WorkerOptions.builder().name("log-test").keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(20));
        streams = new Streams(worker);
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private static List<String> items(List<Delivery<String>> deliveries) {
        return deliveries.stream()
                .map(delivery -> ((StreamEvent.Created<String>) delivery.event()).item())
                .toList();
    }

    @Test
    void shouldReadTheLogPageByPage() {
        for (String item : List.of("a", "b", "c")) {
            group.set(item, item.toUpperCase(Locale.ROOT));
        }

        LogPage<String> first = group.read(1, 2);
        assertThat(first.events()).extracting(Logged::offset).containsExactly(1L, 2L);
        assertThat(first.events().getFirst().event()).isInstanceOfSatisfying(
                StreamEvent.Created.class, created -> assertThat(created.item()).isEqualTo("A"));
        assertThat(first.end()).isFalse();
        LogPage<String> last = group.read(first.next(), 2);
        assertThat(last.events()).extracting(Logged::offset).containsExactly(3L);
        assertThat(last.end()).isTrue();
    }

    @Test
    void shouldRemoveAnItemAfterItsTime() {
        group.set("short", "x", Duration.ofMillis(300));

        Awaitility.await().until(() -> group.get("short") == null);
    }

    @Test
    void shouldHandOutEventsUntilTheyAreCommitted() {
        StreamConsumer<String> consumer = streams.consumer(stream, "mailers", String.class);
        for (String item : List.of("a", "b", "c")) {
            group.set(item, item.toUpperCase(Locale.ROOT));
        }

        List<Delivery<String>> both = consumer.consumeFromEarliest(2, Duration.ofSeconds(5));
        assertThat(items(both)).containsExactly("A", "B");
        consumer.extend(both, Duration.ofMinutes(1));
        consumer.giveBack(both, Duration.ZERO);
        List<Delivery<String>> again = consumer.consume(2, Duration.ofSeconds(5));
        assertThat(items(again)).containsExactly("A", "B");
        assertThat(again.getFirst().attempt()).isEqualTo(2);
        assertThat(consumer.commit(both)).as("lost meanwhile").hasSize(2);
        assertThat(consumer.commit(again)).isEmpty();
        List<Delivery<String>> rest = consumer.consume(10, Duration.ofSeconds(5));
        assertThat(items(rest)).containsExactly("C");
        assertThat(consumer.commit(rest)).isEmpty();
        assertThat(consumer.consume(10, Duration.ZERO)).isEmpty();
    }

    @Test
    void shouldSayWhoMayListenAndHearWhoLeaves() throws Exception {
        BlockingQueue<Subscription> left = new LinkedBlockingQueue<>();
        streams.onJoin(stream + "::may", stream, subscription -> subscription.group().equals("open"));
        streams.onLeave(stream + "::left", stream, left::add);
        worker.trigger("engine::triggers::list", Map.of()); // answered when what was sent before has taken effect

        try (StreamPeer peer = StreamPeer.connect(engine.gateway().streams().port(), "/")) {
            peer.join("1", stream, "secret", null);
            assertThat(peer.next().at("/event/type").textValue()).isEqualTo("unauthorized");
            peer.join("2", stream, "open", "t1");
            assertThat(peer.next().at("/event/type").textValue()).isEqualTo("sync");
        }

        Subscription gone = left.poll(10, TimeUnit.SECONDS);
        assertThat(gone).isNotNull();
        assertThat(gone.id()).isEqualTo("2");
        assertThat(gone.item()).isEqualTo("t1");
        assertThat(gone.context().isNull()).isTrue();
    }
}
