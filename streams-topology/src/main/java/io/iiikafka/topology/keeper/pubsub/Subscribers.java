package io.iiikafka.topology.keeper.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.Guarantee;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** From what is published to the calls of those who subscribed (spec: pubsub.md 4): one for each trigger. */
final class Subscribers {

    private static final Set<String> TYPES = Set.of("subscribe", "pubsub");
    private static final Comparator<Registered<SubscribeConfig>> BY_KEY =
            Comparator.comparing(trigger -> trigger.entry().key());

    private final TriggersByPlace<SubscribeConfig> index;
    private final Catalog catalog;

    Subscribers(Catalog catalog) {
        this.index = TriggersByPlace.of(TYPES, SubscribeConfig::parse, catalog);
        this.catalog = catalog;
    }

    TriggersByPlace<SubscribeConfig> index() {
        return index;
    }

    /** How many triggers hear of the topic. */
    int count(String topic) {
        return index.matching(topic, config -> config.topics().matches(topic)).size();
    }

    /** Whether a trigger names the topic, by itself or among others. */
    boolean isNamed(String topic) {
        return !index.matching(topic, config -> config.topics().exact().contains(topic)).isEmpty();
    }

    /**
     * Those who hear of it now.
     *
     * @param past tells some triggers of it in its turn
     */
    List<Firing> firings(PublishedEvent event, Command command, PubsubLookBack past) {
        List<Registered<SubscribeConfig>> all = index.matching(event.topic(), config -> config.matches(event));
        List<Firing> firings = new ArrayList<>(all.size());
        for (Registered<SubscribeConfig> trigger : withoutRivals(all, event)) {
            if (!past.takes(trigger, event)) {
                firings.add(firing(trigger, event, command));
            }
        }
        return firings;
    }

    /** Of the triggers of a group one takes part, each in turn; those whose function is served first. */
    private List<Registered<SubscribeConfig>> withoutRivals(
            List<Registered<SubscribeConfig>> all, PublishedEvent event) {
        Map<String, List<Registered<SubscribeConfig>>> groups = new TreeMap<>();
        List<Registered<SubscribeConfig>> chosen = new ArrayList<>(all.size());
        for (Registered<SubscribeConfig> trigger : all) {
            String group = trigger.config().group();
            if (group == null) {
                chosen.add(trigger);
            } else {
                groups.computeIfAbsent(group, name -> new ArrayList<>()).add(trigger);
            }
        }
        for (List<Registered<SubscribeConfig>> group : groups.values()) {
            List<Registered<SubscribeConfig>> served =
                    group.stream().filter(this::isServed).sorted(BY_KEY).toList();
            List<Registered<SubscribeConfig>> rivals = served.isEmpty() ? group : served;
            chosen.add(rivals.get((int) (event.offset() % rivals.size())));
        }
        return chosen;
    }

    private boolean isServed(Registered<SubscribeConfig> trigger) {
        return catalog.serves(
                new FunctionKey(trigger.entry().namespace(), trigger.entry().functionId()));
    }

    /** The same event calls with the same id again when its command is run again. */
    Firing firing(Registered<SubscribeConfig> trigger, PublishedEvent event, Command command) {
        CatalogEntry.Trigger entry = trigger.entry();
        SubscribeConfig config = trigger.config();
        Guarantee guarantee = config.guarantee();
        String name = event.id() + '/' + (guarantee == null ? entry.key() : trigger.name());
        Call call = new Call(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString(),
                entry.functionId(),
                entry.namespace(),
                event.data(),
                config.deliverInfo() ? informed(entry.metadata(), event) : entry.metadata(),
                false,
                null,
                command.call().traceparent(),
                command.call().baggage(),
                command.timestampMs() + config.timeoutMs());
        return guarantee == null
                ? Firing.ofEvent(call, config.conditionFunction(), entry.connection(), event.topic())
                : new Firing(call, config.conditionFunction(), guarantee.terms(trigger, event.topic(), about(event), null));
    }

    private static String about(PublishedEvent event) {
        return event.topic() + '\0' + event.key();
    }

    private static RawJson informed(@Nullable RawJson metadata, PublishedEvent event) {
        JsonBuilder informed = JsonBuilder.object();
        if (metadata != null && metadata.isObject()) {
            metadata.forEachMember(informed::member);
        }
        return informed.member("iii_event", event.info()).build();
    }
}
