package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::list_groups}: the bare ids of the groups that hold an item, by code point (spec: stream.md 3.6). */
final class StreamListGroups extends StreamFunction {

    StreamListGroups() {
        super("stream::list_groups", "List the groups of a stream", StreamSchemas.STREAM, null);
    }

    @Override
    Placement placement(Input input) {
        String stream = input.text("stream_name");
        return new Placement.Everywhere(StreamGroupsPart.OF_STREAM, parts -> merge(parts, stream));
    }

    private static RawJson merge(List<RawJson> parts, String stream) {
        return StreamGroupsPart.names(StreamGroupsPart.merge(parts).getOrDefault(stream, new TreeSet<>()));
    }

    /** Comes here only when the input does not fit. */
    @Override
    Outcome decide(Input input, StreamDraft draft) {
        input.text("stream_name");
        throw input.misfit("not asked of all partitions");
    }
}
