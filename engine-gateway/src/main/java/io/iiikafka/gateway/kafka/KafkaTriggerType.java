package io.iiikafka.gateway.kafka;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.topics.Topics;
import org.jspecify.annotations.Nullable;

/** The trigger type {@code kafka}: records of any topic call a function. */
final class KafkaTriggerType implements BuiltinTriggerType {

    private static final RawJson CONFIGURATION = RawJson.of("""
            {"type":"object","properties":{\
            "topic":{"type":"string","description":"A topic of the Kafka cluster"},\
            "group":{"type":"string","description":"Consumer group; one of the function's own unless given"},\
            "from":{"description":"Where a new group begins: latest, earliest or a time"},\
            "key_format":{"type":"string","description":"string (unless given), json, bytes"},\
            "value_format":{"type":"string","description":"json (unless given), string, bytes"},\
            "batch":{"type":"object","properties":{"max_records":{"type":"integer"},"max_wait_ms":{"type":"integer"}}},\
            "concurrency":{"type":"integer","description":"Calls at once for each partition; 1: in order"},\
            "max_retries":{"type":"integer"},"backoff_ms":{"type":"integer"},"timeout_ms":{"type":"integer"},\
            "condition_function_id":{"type":["string","null"],"description":"Asked first; false: not called"}},\
            "required":["topic"]}""");

    private static final RawJson REQUEST = RawJson.of("""
            {"type":"object","properties":{"topic":{"type":"string"},"partition":{"type":"integer"},\
            "offset":{"type":"integer"},"timestamp":{"type":"integer"},"key":{},"value":{},\
            "headers":{"type":"object"}}}""");

    private final Topics topics;
    private final Formats formats;
    private final TopicReaders readers;
    private final Map<String, Subscription> bound = new HashMap<>();

    KafkaTriggerType(Topics topics, Formats formats, TopicReaders readers) {
        this.topics = topics;
        this.formats = formats;
        this.readers = readers;
    }

    @Override
    public String id() {
        return "kafka";
    }

    @Override
    public String ownerName() {
        return KafkaParts.WORKER_NAME;
    }

    @Override
    public String description() {
        return "Records of a Kafka topic";
    }

    @Override
    public RawJson configurationSchema() {
        return CONFIGURATION;
    }

    @Override
    public RawJson requestSchema() {
        return REQUEST;
    }

    @Override
    public @Nullable RawJson responseSchema() {
        return null;
    }

    @Override
    public @Nullable ErrorBody bind(Binding binding) {
        KafkaTriggerConfig config;
        try {
            config = KafkaTriggerConfig.parse(binding.config(), formats.names(), topics);
        } catch (InvalidTriggerException e) {
            return ErrorCode.TRIGGER_REGISTRATION_FAILED.body(String.valueOf(e.getMessage()));
        }
        String group = config.group() == null ? ownGroup(binding, config.topic()) : config.group();
        Subscription subscription =
                new Subscription(config, group, binding.functionId(), binding.namespace(), binding.metadata());
        ErrorBody clash = clash(binding.key(), subscription);
        if (clash != null) {
            return clash;
        }
        Subscription before = bound.put(binding.key(), subscription);
        if (!subscription.equals(before)) {
            readers.add(subscription);
            if (before != null) {
                readers.remove(before);
            }
        }
        return null;
    }

    /** What fails of a group goes to one queue, which has one set of settings. */
    private @Nullable ErrorBody clash(String key, Subscription subscription) {
        for (Map.Entry<String, Subscription> each : bound.entrySet()) {
            Subscription other = each.getValue();
            if (!each.getKey().equals(key) && !subscription.agreesOnFailures(other)) {
                return ErrorCode.TRIGGER_REGISTRATION_FAILED.body("group '" + subscription.group()
                        + "' is also that of a trigger of " + other.describe() + ", with max_retries "
                        + other.config().maxRetries() + ", backoff_ms " + other.config().backoffMs() + " and timeout_ms "
                        + other.config().timeoutMs() + ", and what fails of both goes to the queue " + other.queue()
                        + "; give both the same, or this one another group.");
            }
        }
        return null;
    }

    /** No two functions or topics have the same: a colon stands in no topic, and not in the namespace as it is written here. */
    private String ownGroup(Binding binding, String topic) {
        String namespace = binding.namespace().replace("%", "%25").replace(":", "%3A");
        return topics.prefix() + "kafka." + namespace + ":" + binding.functionId() + ":" + topic;
    }

    @Override
    public void unbind(Binding binding) {
        Subscription before = bound.remove(binding.key());
        if (before != null) {
            readers.remove(before);
        }
    }
}
