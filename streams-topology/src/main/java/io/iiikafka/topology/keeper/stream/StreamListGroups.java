package io.iiikafka.topology.keeper.stream;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::list_groups}: the bare ids of the groups that hold an item, by code point (spec: stream.md 3.6). */
final class StreamListGroups extends StreamFunction {

    private final long mostBytes;

    /** @param mostBytes of an answer */
    StreamListGroups(long mostBytes) {
        super("stream::list_groups", "List the groups of a stream", StreamSchemas.STREAM, null);
        this.mostBytes = mostBytes;
    }

    @Override
    Placement placement(Input input) {
        String stream = input.text("stream_name");
        String prefix = input.optionalText("prefix");
        String after = input.optionalText("after");
        long limit = input.integer("limit", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        return new Placement.Listing(
                null,
                StreamGroupsPart.OF_STREAM,
                StreamGroupsPart.OF_STREAM_NEXT,
                mostBytes,
                "ask for a part of it by `prefix`, or by `limit` and `after`",
                parts -> StreamGroupsPart.names(merge(parts, stream).stream()
                        .filter(group -> prefix == null || group.startsWith(prefix))
                        .filter(group -> after == null || StreamGroupsPart.BY_CODE_POINT.compare(group, after) > 0)
                        .limit(limit)
                        .toList()));
    }

    private static Collection<String> merge(List<RawJson> parts, String stream) {
        return StreamGroupsPart.merge(parts).getOrDefault(stream, new TreeSet<>());
    }

    /** Comes here only when the input does not fit. */
    @Override
    Outcome decide(Input input, StreamDraft draft) {
        input.text("stream_name");
        throw input.misfit("not asked of all partitions");
    }
}
