package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::list_all}: all streams that hold an item, with their groups (spec: stream.md 3.7). */
final class StreamListAll extends StreamFunction {

    private final long mostBytes;

    /** @param mostBytes of an answer */
    StreamListAll(long mostBytes) {
        super("stream::list_all", "List all streams", StreamSchemas.NOTHING, StreamSchemas.ALL);
        this.mostBytes = mostBytes;
    }

    @Override
    Placement placement(Input input) {
        return new Placement.Listing(
                null,
                StreamGroupsPart.OF_ALL,
                StreamGroupsPart.OF_ALL_NEXT,
                mostBytes,
                "ask stream by stream, by stream::list_groups",
                StreamListAll::merge);
    }

    private static RawJson merge(List<RawJson> parts) {
        SortedMap<String, SortedSet<String>> streams = StreamGroupsPart.merge(parts);
        JsonBuilder list = JsonBuilder.array();
        streams.forEach((stream, groups) -> list.element(JsonBuilder.object()
                .member("id", stream)
                .member("groups", StreamGroupsPart.names(groups))
                .build()));
        return JsonBuilder.object()
                .member("stream", list.build())
                .member("count", streams.size())
                .build();
    }

    /** Comes here only when the input does not fit. */
    @Override
    Outcome decide(Input input, StreamDraft draft) {
        throw input.misfit("not asked of all partitions");
    }
}
