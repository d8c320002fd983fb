package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When the catalog has a subscription (spec: queue.md 6.1). */
class DurableSubscriptionsTest {

    private static TestEngine engine;
    private static RawWorker worker;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        worker = engine.worker("subscriber");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static Optional<CatalogEntry.Subscription> subscription(String topic, String identity) {
        return Optional.ofNullable(engine.gateway()
                        .gateway()
                        .catalog()
                        .entry(EntryKey.subscription(topic, "default", identity)))
                .map(stored -> (CatalogEntry.Subscription) stored.entry());
    }

    private static void unregister(RawWorker from, String id) {
        from.send("{\"type\":\"unregistertrigger\",\"id\":\"" + id + "\"}");
        from.call("engine::registered-triggers::list", "{}");
    }

    @Test
    void shouldBeThereWhenTheNextCallOfTheSameSocketRuns() {
        worker.trigger("t1", "queue", "a::b", "{\"topic\":\"first\"}", ",\"metadata\":{\"k\":1}");

        assertThat(subscription("first", "a::b")).get().satisfies(found -> {
            assertThat(found.functionId()).isEqualTo("a::b");
            assertThat(found.metadata()).hasToString("{\"k\":1}");
        });
        assertThat(worker.call("engine::queue::list_topics", "{}").get("result"))
                .anySatisfy(row -> assertThat(row)
                        .hasToString("{\"name\":\"first\",\"broker_type\":\"kafka\",\"subscriber_count\":1}"));
        assertThat(worker.call("engine::registered-triggers::list", "{}").get("result").toString())
                .contains("\"queue\"");
    }

    @Test
    void shouldOutliveItsWorkerButNotAnUnregistration() {
        RawWorker gone = engine.worker("gone");
        gone.trigger("t2", "durable:subscriber", "a::c", "{\"topic\":\"second\"}", "");
        gone.cut();
        await().atMost(Duration.ofSeconds(10)).until(() -> noTrigger("t2"));
        assertThat(subscription("second", "a::c")).isPresent();

        worker.trigger("t2", "durable:subscriber", "a::c", "{\"topic\":\"second\",\"max_retries\":9}", "");
        assertThat(subscription("second", "a::c").orElseThrow().settings().maxAttempts()).isEqualTo(9);
        unregister(worker, "t2");
        assertThat(subscription("second", "a::c")).isEmpty();
    }

    private static boolean noTrigger(String id) {
        for (JsonNode row : worker.call("engine::registered-triggers::list", "{}").get("result").findValues("id")) {
            if (row.asText().equals(id)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldEndWithTheLastOfItsTriggersOnly() {
        RawWorker replica = engine.worker("replica");
        worker.trigger("t3", "event", "a::d", "{\"topic\":\"third\"}", "");
        replica.trigger("t4", "durable:subscriber", "a::d", "{\"topic\":\"third\"}", "");

        unregister(worker, "t3");
        assertThat(subscription("third", "a::d")).isPresent();
        unregister(replica, "t4");
        await().atMost(Duration.ofSeconds(5)).until(() -> subscription("third", "a::d").isEmpty());
        replica.close();
    }

    @Test
    void shouldTakeTheBindingOfTheMetadataForTheIdentity() {
        worker.trigger("t5", "durable:subscriber", "a::e", "{\"topic\":\"fourth\"}", ",\"metadata\":{\"__binding\":\"mine\"}");
        assertThat(subscription("fourth", "mine").orElseThrow().functionId()).isEqualTo("a::e");
        assertThat(subscription("fourth", "a::e")).isEmpty();
    }

    @Test
    void shouldMoveWithATriggerThatIsRegisteredAnew() {
        worker.trigger("t6", "durable:subscriber", "a::f", "{\"topic\":\"fifth\"}", "");
        worker.trigger("t6", "durable:subscriber", "a::f", "{\"topic\":\"sixth\"}", "");
        assertThat(subscription("fifth", "a::f")).isEmpty();
        assertThat(subscription("sixth", "a::f")).isPresent();
    }

    @Test
    void shouldRefuseATriggerWithoutATopic() {
        worker.trigger("t7", "durable:subscriber", "a::g", "{\"topic\":\"\"}", "");
        JsonNode refusal = worker.next("triggerregistrationresult");
        assertThat(refusal.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refusal.at("/error/message").textValue())
                .isEqualTo("queue is required for durable:subscriber trigger");
    }

    @Test
    void shouldLastUntilTheTriggerOfTheFunctionPathIsUnregistered() {
        JsonNode made = worker.call(
                "engine::register_trigger",
                "{\"trigger_type\":\"queue\",\"function_id\":\"a::h\",\"config\":{\"topic\":\"seventh\"}}");
        assertThat(subscription("seventh", "a::h")).isPresent();

        worker.call("engine::unregister_trigger", "{\"id\":" + made.at("/result/id") + "}");
        assertThat(subscription("seventh", "a::h")).isEmpty();
    }

    @Test
    void shouldBeAnotherOneAfterItsEndOnly() {
        RawWorker gone = engine.worker("gone");
        gone.trigger("t8", "durable:subscriber", "a::i", "{\"topic\":\"eighth\"}", "");
        String epoch = subscription("eighth", "a::i").orElseThrow().epoch();
        gone.cut();
        await().atMost(Duration.ofSeconds(10)).until(() -> noTrigger("t8"));
        worker.trigger("t8", "durable:subscriber", "a::i", "{\"topic\":\"eighth\",\"max_retries\":9}", "");
        assertThat(subscription("eighth", "a::i").orElseThrow().epoch()).isEqualTo(epoch);
        worker.send("{\"type\":\"unregistertrigger\",\"id\":\"t8\"}");
        worker.trigger("t8", "durable:subscriber", "a::i", "{\"topic\":\"eighth\",\"max_retries\":9}", "");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> subscription("eighth", "a::i").filter(each -> !epoch.equals(each.epoch())).isPresent());
    }

    @Test
    void shouldKeepItsBacklogWhenAGatewayEndsItThatHasNotSeenItsTriggerYet() {
        try (RawWorker replica = engine.worker("replica")) {
            replica.trigger("t9", "durable:subscriber", "a::kept", "{\"topic\":\"ninth\"}", "");
            String epoch = subscription("ninth", "a::kept").orElseThrow().epoch();
            worker.call("iii::durable::publish", "{\"topic\":\"ninth\",\"data\":1}");
            engine.remove(EntryKey.subscription("ninth", "default", "a::kept"));
            worker.call("iii::durable::publish", "{\"topic\":\"ninth\",\"data\":2}");
            await().atMost(Duration.ofSeconds(5)).until(() -> subscription("ninth", "a::kept").isPresent());
            assertThat(subscription("ninth", "a::kept").orElseThrow().epoch()).isEqualTo(epoch);
            worker.call("iii::durable::publish", "{\"topic\":\"ninth\",\"data\":3}");
            await().pollDelay(Duration.ofSeconds(7)).until(() -> true); // longer than anything waits for it to come back
            replica.serve("a::kept");
            List<String> told = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                JsonNode call = replica.called("a::kept");
                told.add(call.get("data").toString());
                replica.answer(call, "null");
            }
            assertThat(told).containsExactlyInAnyOrder("1", "2", "3");
        }
    }

    @Test
    void shouldBeginAnewWhenItEndedAndCameBackWhileNoKeeperRan() {
        try (TestEngine other = TestEngine.start();
                RawWorker subscriber = other.worker("subscriber")) {
            subscriber.trigger("t", "durable:subscriber", "a::new", "{\"topic\":\"tenth\"}", "");
            subscriber.call("iii::durable::publish", "{\"topic\":\"tenth\",\"data\":\"old\"}");
            other.stopKeeper();
            unregister(subscriber, "t");
            subscriber.trigger("t", "durable:subscriber", "a::new", "{\"topic\":\"tenth\"}", "");
            subscriber.call("engine::registered-triggers::list", "{}");
            other.restartKeeper(true);
            subscriber.call("iii::durable::publish", "{\"topic\":\"tenth\",\"data\":\"new\"}");
            subscriber.serve("a::new");
            JsonNode call = subscriber.called("a::new");
            assertThat(call.get("data")).hasToString("\"new\"");
            subscriber.answer(call, "null");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> subscriber.call("engine::queue::topic_stats", "{\"topic\":\"tenth\"}")
                            .at("/result/depth")
                            .intValue() == 0);
        }
    }

    @Test
    void shouldRefuseToBeginWithWhatIsNotKept() {
        worker.trigger("t11", "durable:subscriber", "a::j", "{\"topic\":\"eleventh\",\"start\":\"earliest\"}", "");
        JsonNode refusal = worker.next("triggerregistrationresult");
        assertThat(refusal.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        assertThat(refusal.at("/error/message").textValue()).startsWith("start 'earliest' is not possible for topic");
        worker.trigger("t11", "durable:subscriber", "a::j", "{\"topic\":\"eleventh\",\"start\":\"latest\"}", "");
        worker.call("engine::registered-triggers::list", "{}");
        assertThat(subscription("eleventh", "a::j")).isPresent();
    }
}
