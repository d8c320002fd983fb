package io.iiikafka.gateway.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.change.UpdateError;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.sdk.stream.StreamEvent;
import io.iiikafka.sdk.stream.StreamEvent.Created;
import io.iiikafka.sdk.stream.StreamEvent.Deleted;
import io.iiikafka.sdk.stream.StreamEvent.Sent;
import io.iiikafka.sdk.stream.StreamEvent.Updated;
import io.iiikafka.sdk.stream.StreamGroup;
import io.iiikafka.sdk.stream.StreamStorage;
import io.iiikafka.sdk.stream.Streams;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java SDK's {@link Streams} against the engine. */
@Timeout(60)
class JavaStreamsTest {

    record Todo(String id, String text, int votes) {}

    private static TestEngine engine;
    private static Worker worker;
    private static Streams streams;

    private final String stream = "todos::" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        engine = TestEngine.start();
        worker = Iii.connect(
                URI.create(engine.gateway().url()),
                WorkerOptions.builder().name("streams-test").keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(20));
        streams = new Streams(worker);
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    @Test
    void shouldSetGetUpdateListAndDeleteItems() {
        StreamGroup<Todo> inbox = streams.group(stream, "in/box", Todo.class);
        Todo milk = new Todo("t1", "milk", 0);
        Todo bread = new Todo("t2", "bread", 0);

        assertThat(inbox.get("t1")).isNull();
        assertThat(inbox.set("t1", milk)).isEqualTo(new Change<>(null, milk));
        inbox.set("t2", bread);
        Change<Todo> voted = inbox.update("t1", new Update().increment("votes", 2).increment("text", 1));
        assertThat(voted.before()).isEqualTo(milk);
        assertThat(voted.after()).isEqualTo(new Todo("t1", "milk", 2));
        assertThat(voted.errors()).extracting(UpdateError::code).containsExactly("increment.not_number");
        assertThat(inbox.list()).containsExactly(new Todo("t1", "milk", 2), bread);
        assertThat(streams.groups(stream)).containsExactly("in/box");
        assertThat(streams.all()).containsAllEntriesOf(Map.of(stream, List.of("in/box")));
        assertThat(inbox.delete("t1")).isEqualTo(new Todo("t1", "milk", 2));
        assertThat(inbox.delete("t1")).isNull();
        assertThat(inbox.list()).containsExactly(bread);
    }

    @Test
    void shouldTellOfChangesAndEventsByRisingTimes() throws Exception {
        StreamGroup<Todo> inbox = streams.group(stream, "inbox", Todo.class);
        BlockingQueue<StreamEvent<Todo>> group = new LinkedBlockingQueue<>();
        BlockingQueue<StreamEvent<Todo>> item = new LinkedBlockingQueue<>();
        BlockingQueue<StreamEvent<RawJson>> whole = new LinkedBlockingQueue<>();
        inbox.onEvent(stream + "::group", group::add);
        inbox.onEvent(stream + "::item", trigger -> trigger.with("item_id", "t2"), item::add);
        streams.onEvent(stream + "::whole", stream, RawJson.class, whole::add);
        Todo milk = new Todo("t1", "milk", 0);

        inbox.set("t1", milk);
        inbox.update("t1", new Update().set("votes", 1));
        inbox.send("typing", "Ada");
        inbox.sendAbout("t2", "typing", Map.of("who", "Bob"));
        inbox.delete("t1");
        streams.group(stream, "other").set("x", RawJson.of("1"));

        List<StreamEvent<Todo>> heard = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            heard.add(next(group));
        }
        heard.sort(Comparator.comparing(event -> event.source().timestamp()));
        StreamEvent<Todo> first = heard.getFirst();
        assertThat(first).isEqualTo(new Created<>(first.source(), milk));
        assertThat(first.source().stream()).isEqualTo(stream);
        assertThat(first.source().group()).isEqualTo("inbox");
        assertThat(first.source().timestamp())
                .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
        assertThat(heard)
                .extracting(JavaStreamsTest::what)
                .containsExactly(
                        "created t1 Todo[id=t1, text=milk, votes=0]",
                        "updated t1 Todo[id=t1, text=milk, votes=1]",
                        "typing null \"Ada\"",
                        "typing t2 {\"who\":\"Bob\"}",
                        "deleted t1 Todo[id=t1, text=milk, votes=1]");
        assertThat(what(next(item))).isEqualTo("typing t2 {\"who\":\"Bob\"}");
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            groups.add(next(whole).source().group());
        }
        assertThat(groups).containsOnlyOnce("other").containsOnly("inbox", "other");
        assertThat(group.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void shouldServeAStreamFromAStorageOfItsOwn() throws Exception {
        Map<String, Todo> stored = new ConcurrentHashMap<>();
        Registration serving = streams.createStream(stream, Todo.class, new StreamStorage<>() {
            @Override
            public @Nullable Todo get(String group, String id) {
                return stored.get(group + "/" + id);
            }

            @Override
            public Change<Todo> set(String group, String id, @Nullable Todo item) {
                return new Change<>(stored.put(group + "/" + id, item), item);
            }

            @Override
            public @Nullable Todo delete(String group, String id) {
                return stored.remove(group + "/" + id);
            }

            @Override
            public List<Todo> list(String group) {
                return List.copyOf(stored.values());
            }

            @Override
            public List<String> groups() {
                return List.of("inbox");
            }
        });
        StreamGroup<Todo> inbox = streams.group(stream, "inbox", Todo.class);
        BlockingQueue<StreamEvent<Todo>> heard = new LinkedBlockingQueue<>();
        inbox.onEvent(stream + "::heard", heard::add);
        Todo milk = new Todo("t1", "milk", 0);

        assertThat(inbox.set("t1", milk)).isEqualTo(new Change<>(null, milk));
        assertThat(stored).containsExactly(Map.entry("inbox/t1", milk));
        assertThat(inbox.get("t1")).isEqualTo(milk);
        assertThat(inbox.get("t2")).isNull();
        assertThat(inbox.list()).containsExactly(milk);
        assertThat(streams.groups(stream)).containsExactly("inbox");
        assertThat(inbox.update("t1", new Update().increment("votes", 1)).after()).isEqualTo(new Todo("t1", "milk", 1));
        assertThat(inbox.delete("t1")).isEqualTo(new Todo("t1", "milk", 1));
        assertThat(stored).isEmpty();

        assertThat(List.of(what(next(heard)), what(next(heard)), what(next(heard)))).containsExactly(
                "created t1 Todo[id=t1, text=milk, votes=0]",
                "updated t1 Todo[id=t1, text=milk, votes=1]",
                "deleted t1 Todo[id=t1, text=milk, votes=1]");
        serving.unregister();
        Awaitility.await().ignoreExceptions().untilAsserted(
                () -> assertThat(inbox.set("t3", milk).after()).isEqualTo(milk));
        assertThat(stored).as("the engine's own storage again").isEmpty();
    }

    private static String what(StreamEvent<Todo> event) {
        String id = " " + event.source().id() + " ";
        return switch (event) {
            case Created<Todo> created -> "created" + id + created.item();
            case Updated<Todo> updated -> "updated" + id + updated.item();
            case Deleted<Todo> deleted -> "deleted" + id + deleted.item();
            case Sent<Todo> sent -> sent.type() + id + sent.data();
        };
    }

    private static <E> E next(BlockingQueue<E> queue) throws InterruptedException {
        E event = queue.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }
}
