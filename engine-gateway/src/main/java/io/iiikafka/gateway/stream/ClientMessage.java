package io.iiikafka.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** What a client may say (spec: stream.md 5.3). */
sealed interface ClientMessage {

    long LONGEST_DELAY_MS = 30L * 86_400_000;

    /**
     * @param subscription chosen by the client, unique within its connection
     * @param item null: the whole group
     * @param options null: a plain subscription
     */
    record Join(String subscription, GroupId group, @Nullable String item, @Nullable JoinOptions options)
            implements ClientMessage {}

    /** A join that asks for what there is not. */
    record Misfit(String subscription, GroupId group, @Nullable String item, String problem) implements ClientMessage {}

    record Leave(String subscription, GroupId group, @Nullable String item) implements ClientMessage {}

    /**
     * What became of events that were consumed.
     *
     * @param done false: they are to be handed out again
     * @param delayMs not before
     */
    record Settle(String subscription, List<String> deliveries, boolean done, long delayMs) implements ClientMessage {}

    /** Null when the message is to be ignored: it is not understood, or something lacks. */
    static @Nullable ClientMessage read(byte[] text) {
        RawJson json = RawJson.parse(text);
        if (json == null || !json.isObject()) {
            return null;
        }
        JsonNode message = json.toTree();
        JsonNode data = message.path("data");
        String subscription = data.path("subscriptionId").textValue();
        String stream = data.path("streamName").textValue();
        String group = data.path("groupId").textValue();
        JsonNode id = data.path("id");
        String type = message.path("type").asText();
        if (type.equals("ack") || type.equals("nack")) {
            return subscription == null ? null : settle(subscription, type.equals("ack"), data);
        }
        boolean complete = subscription != null && stream != null && group != null;
        if (!complete || !(id.isMissingNode() || id.isNull() || id.isTextual())) {
            return null;
        }
        if (!isUnicode(subscription + ' ' + stream + ' ' + group + ' ' + id.asText())) {
            return null; // nothing can have such a name
        }
        GroupId groupId = new GroupId(stream, group);
        return switch (type) {
            case "join" -> join(subscription, groupId, id.textValue(), data);
            case "leave" -> new Leave(subscription, groupId, id.textValue());
            default -> null;
        };
    }

    private static Settle settle(String subscription, boolean done, JsonNode data) {
        List<String> deliveries = new ArrayList<>();
        data.path("deliveryIds").forEach(id -> deliveries.add(id.asText()));
        return new Settle(subscription, deliveries, done, Math.clamp(data.path("delayMs").asLong(), 0, LONGEST_DELAY_MS));
    }

    private static ClientMessage join(String subscription, GroupId group, @Nullable String item, JsonNode data) {
        try {
            return new Join(subscription, group, item, JoinOptions.read(data));
        } catch (JoinOptions.BadJoin bad) {
            return new Misfit(subscription, group, item, String.valueOf(bad.getMessage()));
        }
    }

    /** Whether there is no half of a surrogate pair in it, which no record key can hold. */
    private static boolean isUnicode(String name) {
        return UTF_8.newEncoder().canEncode(name);
    }
}
