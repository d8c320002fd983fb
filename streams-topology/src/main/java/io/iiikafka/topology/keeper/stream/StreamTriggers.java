package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.record.Call;

/** From events to the calls of the triggers that match them (spec: stream.md 6.1). */
final class StreamTriggers {

    /** How long a firing may wait for a worker. */
    private static final long PATIENCE_MS = 3_600_000;

    private final StreamTriggerIndex index;

    StreamTriggers(Catalog catalog) {
        this.index = StreamTriggerIndex.of(catalog);
    }

    List<Firing> firings(Command command, List<StreamChange> changes) {
        List<Firing> firings = new ArrayList<>();
        for (StreamChange change : changes) {
            StreamEvent event = change.event();
            List<StreamTrigger> matching = index.matching(event);
            if (!matching.isEmpty()) {
                RawJson frame = event.frame();
                matching.forEach(trigger -> firings.add(firing(trigger, frame, event, command)));
            }
        }
        return firings;
    }

    /** The same event fires with the same id again when its command is run again. */
    private static Firing firing(StreamTrigger trigger, RawJson frame, StreamEvent event, Command command) {
        String name = event.eventId() + "/" + trigger.entry().key();
        // What reports traces must not be traced: it would report itself, for ever.
        boolean traced = !event.group().stream().startsWith(ReplaySettings.OWN_FEEDS);
        Call call = new Call(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString(),
                trigger.entry().functionId(),
                trigger.entry().namespace(),
                frame,
                trigger.entry().metadata(),
                false,
                null,
                traced ? command.call().traceparent() : null,
                traced ? command.call().baggage() : null,
                command.timestampMs() + PATIENCE_MS);
        return new Firing(call, trigger.config().conditionFunction());
    }
}
