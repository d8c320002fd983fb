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
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The groups of one partition that hold items, as pairs of stream and group, of one stream or of all; page by page. A
 * cursor holds all that the next page needs, {@code {"key":"s/g","within":"s/","prefix":"g","after":"a","limit":10}};
 * nothing is kept for it.
 */
final class StreamGroupsPart extends StreamFunction {

    /** Of the stream that the input names. */
    static final String OF_STREAM = "iii::stream::groups_part";
    static final String OF_STREAM_NEXT = "iii::stream::groups_next";
    /** Of all streams, whatever the input says. */
    static final String OF_ALL = "iii::stream::all_part";
    static final String OF_ALL_NEXT = "iii::stream::all_next";

    static final Comparator<String> BY_CODE_POINT =
            (one, other) -> Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    private static final int PAGE_GROUPS = 2_000;
    private static final int PAGE_BYTES = 64 * 1024;

    StreamGroupsPart(String id) {
        super(id, "Groups of one partition", StreamSchemas.STREAM, null);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        return new Outcome.Success(switch (id()) {
            case OF_ALL -> page("", "", null, GroupWindow.ALL, draft);
            case OF_STREAM -> {
                String stream = StreamGroup.prefixOf(input.text("stream_name"));
                GroupWindow window = GroupWindow.of(input);
                yield page(stream + window.firstKey(), stream, input.optionalText("prefix"), window, draft);
            }
            default -> next(input, draft);
        });
    }

    private static RawJson next(Input input, StreamDraft draft) {
        if (input.flag("close")) {
            return RawJson.NULL;
        }
        Input cursor = Input.of("cursor", RawJson.of(input.text("cursor")));
        return page(
                cursor.text("key"),
                cursor.text("within"),
                cursor.optionalText("prefix"),
                GroupWindow.of(cursor),
                draft);
    }

    /**
     * @param from the key of the first group
     * @param within what all keys begin with
     * @param prefix what the group's id must begin with
     * @param window what is wanted of them
     */
    private static RawJson page(
            String from, String within, @Nullable String prefix, GroupWindow window, StreamDraft draft) {
        if (window.limit() == 0) {
            return new Page(JsonBuilder.array().build(), null, 0).toJson();
        }
        JsonBuilder pairs = JsonBuilder.array();
        long[] found = new long[1];
        int[] looked = new int[1];
        int[] bytes = new int[1];
        String[] next = new String[1];
        draft.stores().forEachGroup(from, (key, info) -> {
            if (!key.startsWith(within) || found[0] == window.limit()) {
                return false;
            }
            if (looked[0] >= PAGE_GROUPS || bytes[0] >= PAGE_BYTES) {
                next[0] = JsonBuilder.object()
                        .member("key", key)
                        .member("within", within)
                        .member("prefix", prefix)
                        .member("after", window.after())
                        .member("limit", window.limit() - found[0])
                        .build()
                        .toString();
                return false;
            }
            looked[0]++;
            StreamGroup group = StreamGroup.parse(key);
            if (info.items() > 0
                    && window.isAfter(group.group())
                    && (prefix == null || group.group().startsWith(prefix))) {
                found[0] += window.counts(group.group()) ? 1 : 0;
                pairs.element(JsonBuilder.array().element(group.stream()).element(group.group()).build());
                bytes[0] += key.length();
            }
            return true;
        });
        return new Page(pairs.build(), next[0], 0).toJson();
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
