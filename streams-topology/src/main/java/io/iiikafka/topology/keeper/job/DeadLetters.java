package io.iiikafka.topology.keeper.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.ErrorLimit;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one partition that were given up (spec: queue.md 7), one record each: key
 * {@code queue/<name>/<epoch ms in 15 digits>/<receipt>}, or {@code topic/…}, with {@code %2F} for a slash in the name; the
 * value is JSON. Its log is public.
 */
public final class DeadLetters {

    /** Where dead letters of a named queue, or of all subscriptions to a topic, are. */
    public record Place(boolean topic, String name) {

        static Place of(String agreementKey) {
            return new Place(EntryKey.isSubscription(agreementKey), Agreements.nameOf(agreementKey));
        }

        String prefix() {
            return (topic ? "topic/" : "queue/") + name.replace("%", "%25").replace("/", "%2F") + "/";
        }

        /** Reads the beginning of a record's key. */
        static Place in(String key) {
            int begin = key.indexOf('/') + 1;
            String name = key.substring(begin, key.indexOf('/', begin));
            return new Place(key.startsWith("topic/"), name.replace("%2F", "/").replace("%25", "%"));
        }
    }

    /**
     * One of them.
     *
     * @param key of its record
     */
    public record Letter(String key, RawJson json) {

        /** What was the receipt of the job. */
        public String receipt() {
            return receiptIn(key);
        }

        public long failedAtMs() {
            return Long.parseLong(key.substring(timeIn(key), timeIn(key) + DIGITS));
        }

        /** Why it was given up: {@code <code>: <message>}. */
        public String error() {
            return new Job.Members(json).text("error");
        }

        /** The key of the queue or subscription whose job it was. */
        String agreement() {
            return new Job.Members(json).text("agreement");
        }

        /**
         * The job that it was, as a new one.
         *
         * @param function to call instead; null: the same
         * @param by the trace context of the call that moves it back; null: it has none
         */
        Job job(long number, @Nullable String function, @Nullable String by, long notBeforeMs, long nowMs) {
            Job.Members members = new Job.Members(json);
            Call call = new Call(
                    members.text("id"),
                    function == null ? members.text("function_id") : function,
                    members.text("namespace"),
                    members.find("payload"),
                    members.find("metadata"),
                    false,
                    null,
                    members.optional("traceparent"),
                    members.optional("baggage"),
                    0);
            Terms terms = new Terms.Agreed(
                    members.text("agreement"),
                    members.optional("group"),
                    (int) members.number("priority"),
                    notBeforeMs,
                    0,
                    overrides(members, by));
            long enqueuedMs = members.number("first_enqueued_at");
            return new Job(number, call, members.optional("condition"), terms, nowMs, enqueuedMs == 0 ? nowMs : enqueuedMs);
        }

        private static @Nullable RawJson overrides(Job.Members members, @Nullable String by) {
            JsonBuilder overrides = JsonBuilder.object();
            boolean any = by != null;
            RawJson kept = members.find("overrides");
            if (kept != null) {
                kept.forEachMember(overrides::member);
                any = true;
            }
            optional(overrides, "redriven_by", by);
            return any ? overrides.build() : null;
        }

        /**
         * A command that makes it a job of another queue, under the same receipt.
         *
         * @param function to call instead; null: the same
         * @param notBeforeMs it is not tried earlier; 0: at once
         */
        public Call enqueue(String queue, @Nullable String function, long notBeforeMs) {
            Job.Members members = new Job.Members(json);
            JsonBuilder options = JsonBuilder.object();
            RawJson overrides = members.find("overrides");
            if (overrides != null) {
                overrides.forEachMember(options::member);
            }
            // A queue that knows later jobs by a field of theirs is not to take it for an earlier one.
            options.member("priority", members.number("priority"))
                    .member("deliver_at", notBeforeMs)
                    .member("dedup_key", "redriven/" + members.text("id") + '/' + failedAtMs());
            if (!members.text("group").isEmpty()) {
                options.member("group", members.text("group"));
            }
            JsonBuilder data = JsonBuilder.object()
                    .member("queue", queue)
                    .member("function_id", function == null ? members.text("function_id") : function)
                    .member("namespace", members.text("namespace"))
                    .member("messageReceiptId", members.text("id"))
                    .member("data", members.find("payload"))
                    .member("metadata", members.find("metadata"))
                    .member("options", options.build());
            return new Call(
                    Job.id(members.text("id") + "/to/" + queue),
                    "engine::queue::enqueue",
                    Call.DEFAULT_NAMESPACE,
                    withTrace(data, members).build(),
                    null,
                    false,
                    null,
                    null,
                    null,
                    Long.MAX_VALUE);
        }

        private static JsonBuilder withTrace(JsonBuilder data, Job.Members members) {
            optional(data, "traceparent", members.optional("traceparent"));
            optional(data, "baggage", members.optional("baggage"));
            return data;
        }
    }

    private static final String CONDITION = "Condition function error: ";
    private static final int DIGITS = 15;

    private final KeyValueStore<String, byte[]> store;
    private final Map<Place, Integer> counts = new HashMap<>();

    DeadLetters(KeyValueStore<String, byte[]> store) {
        this.store = store;
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                counts.merge(Place.in(all.next().key), 1, Integer::sum);
            }
        }
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> builder() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(KeeperStore.DEAD_LETTERS.storeName()),
                Serdes.String(),
                Serdes.ByteArray());
    }

    private static int timeIn(String key) {
        return key.indexOf('/', key.indexOf('/') + 1) + 1;
    }

    private static String receiptIn(String key) {
        return key.substring(timeIn(key) + DIGITS + 1);
    }

    private static String key(Place place, long ms, String receipt) {
        return place.prefix() + String.format("%015d", ms) + '/' + receipt;
    }

    /** The first millisecond from then on at which no job of the same receipt, which others may have too, was given up. */
    private long free(Place place, long fromMs, String receipt) {
        long ms = fromMs;
        while (store.get(key(place, ms, receipt)) != null) {
            ms++;
        }
        return ms;
    }

    /** @param attempts that were made */
    void bury(Job job, int attempts, RawJson error, long nowMs) {
        Call call = job.call();
        Place place = Place.of(job.terms().queue());
        long failedMs = free(place, nowMs, call.invocationId());
        JsonBuilder json = JsonBuilder.object(call.data() == null ? 800 : call.data().length() + 800)
                .member("id", call.invocationId())
                .member(place.topic() ? "topic" : "queue", place.name())
                .member("function_id", call.functionId())
                .member("namespace", call.namespace())
                .member("payload", call.data())
                .member("retries", attempts)
                .member("failed_at_ms", failedMs)
                .member("first_enqueued_at", job.enqueuedMs())
                .member("agreement", job.terms().queue());
        JsonNode why = ErrorLimit.bounded(error).toTree();
        String message = why.path("message").asText();
        // of a condition that failed it is to begin so (spec: queue.md 3.3)
        json.member("error", message.startsWith(CONDITION) ? message : why.path("code").asText() + ": " + message);
        optional(json, "stacktrace", why.path("stacktrace").textValue());
        optional(json, "group", job.terms().lane());
        optional(json, "condition", job.condition());
        optional(json, "traceparent", call.traceparent());
        optional(json, "baggage", call.baggage());
        if (call.metadata() != null) {
            json.member("metadata", call.metadata());
        }
        if (job.terms() instanceof Terms.Agreed agreed) {
            json.member("priority", agreed.priority());
            RawJson overrides = agreed.overrides();
            if (overrides != null && !overrides.toTree().has("made")) { // it begins anew when redriven
                JsonBuilder kept = JsonBuilder.object();
                overrides.forEachMember((name, value) -> {
                    if (!Terms.Agreed.OF_ONE_LIFE.contains(name)) {
                        kept.member(name, value);
                    }
                });
                json.member("overrides", kept.build());
            }
        }
        store.put(key(place, failedMs, call.invocationId()), json.build().toBytes());
        counts.merge(place, 1, Integer::sum);
    }

    private static void optional(JsonBuilder json, String name, @Nullable String value) {
        if (value != null) {
            json.member(name, value);
        }
    }

    /** Takes it away. */
    public void remove(Letter letter) {
        store.delete(letter.key());
        counts.computeIfPresent(Place.in(letter.key()), (place, count) -> count == 1 ? null : count - 1);
    }

    /** How many there are. */
    public int count(Place place) {
        return counts.getOrDefault(place, 0);
    }

    /** Places with at least one, and how many. */
    public Map<Place, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** Null when it is not there. */
    public @Nullable Letter find(Place place, String receipt) {
        List<Letter> found = new ArrayList<>(1);
        oldest(place, "", (key, value) -> {
            if (receiptIn(key).equals(receipt)) {
                found.add(new Letter(key, RawJson.of(value)));
            }
            return found.isEmpty();
        });
        return found.isEmpty() ? null : found.getFirst();
    }

    /**
     * The first ones, oldest first.
     *
     * @param after the key of one before them; empty: from the first on
     */
    public List<Letter> oldest(Place place, String after, int most) {
        List<Letter> letters = new ArrayList<>();
        oldest(place, after, (key, value) -> {
            letters.add(new Letter(key, RawJson.of(value)));
            return letters.size() < most;
        });
        return letters;
    }

    private void oldest(Place place, String after, BiPredicate<String, byte[]> visitor) {
        try (KeyValueIterator<String, byte[]> found =
                store.range(after.isEmpty() ? place.prefix() : after + '\0', place.prefix() + ':')) {
            boolean more = true;
            while (more && found.hasNext()) {
                KeyValue<String, byte[]> next = found.next();
                more = visitor.test(next.key, next.value);
            }
        }
    }

    /** Newest first; no more than so many, and, but for one, no more than so many bytes. */
    public List<Letter> newest(Place place, int offset, int most, long bytes) {
        List<Letter> letters = new ArrayList<>();
        long left = bytes;
        try (KeyValueIterator<String, byte[]> found = store.reverseRange(place.prefix(), place.prefix() + ':')) {
            for (int i = 0; letters.size() < most && found.hasNext(); i++) {
                KeyValue<String, byte[]> next = found.next();
                left -= i < offset ? 0 : next.value.length;
                if (left < 0 && !letters.isEmpty()) {
                    break;
                }
                if (i >= offset) {
                    letters.add(new Letter(next.key, RawJson.of(next.value)));
                }
            }
        }
        return letters;
    }
}
