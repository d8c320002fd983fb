package io.iiikafka.topology.keeper.stream;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/** The groups of one partition that hold items, as pairs of stream and group; of one stream, or of all. */
final class StreamGroupsPart extends StreamFunction {

    /** Of the stream that the input names. */
    static final String OF_STREAM = "iii::stream::groups_part";
    /** Of all streams, whatever the input says. */
    static final String OF_ALL = "iii::stream::all_part";

    static final Comparator<String> BY_CODE_POINT =
            (one, other) -> Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    StreamGroupsPart(String id) {
        super(id, "Groups of one partition", StreamSchemas.STREAM, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        String stream = id().equals(OF_STREAM) ? input.text("stream_name") : null;
        JsonBuilder pairs = JsonBuilder.array();
        draft.stores().forEachGroup(stream, group -> pairs.element(
                JsonBuilder.array().element(group.stream()).element(group.group()).build()));
        return new Outcome.Success(pairs.build());
    }

    /** The groups of each stream, all in the order of code points. */
    static SortedMap<String, SortedSet<String>> merge(List<RawJson> parts) {
        SortedMap<String, SortedSet<String>> streams = new TreeMap<>(BY_CODE_POINT);
        for (RawJson part : parts) {
            for (JsonNode pair : part.toTree()) {
                streams.computeIfAbsent(pair.get(0).textValue(), stream -> new TreeSet<>(BY_CODE_POINT))
                        .add(pair.get(1).textValue());
            }
        }
        return streams;
    }

    static RawJson names(Collection<String> groups) {
        JsonBuilder list = JsonBuilder.array();
        groups.forEach(list::element);
        return list.build();
    }
}
