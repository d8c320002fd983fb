package io.iiikafka.topology.keeper.state;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** {@code state::list_groups}: all scopes that hold a key, by code point (spec: state.md 3.6, 12.2). */
final class StateListGroups extends StateFunction {

    private static final Comparator<String> BY_CODE_POINT =
            (one, other) -> Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

    private final RecordLimit limit;

    StateListGroups(RecordLimit limit) {
        super("state::list_groups", "List all scopes", Partitioning.WHOLE);
        this.limit = limit;
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        check(input);
        return new Placement.Listing(
                null,
                StateGroupsPart.ID,
                StateGroupsPart.NEXT,
                limit.answerBytes(),
                "ask for a part of it by `prefix`",
                StateListGroups::merge);
    }

    private static void check(Input input) {
        input.optionalText("prefix");
        input.flag("include_forks");
    }

    private static RawJson merge(List<RawJson> parts) {
        TreeSet<String> groups = new TreeSet<>(BY_CODE_POINT);
        for (RawJson part : parts) {
            for (JsonNode scope : part.toTree()) {
                groups.add(scope.textValue());
            }
        }
        JsonBuilder list = JsonBuilder.array();
        groups.forEach(list::element);
        return JsonBuilder.object().member("groups", list.build()).build();
    }

    /** Comes here only when the input does not fit. */
    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        check(input);
        throw input.misfit("not asked of all partitions");
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.GROUPS_REQUEST;
    }

    @Override
    public RawJson responseFormat() {
        return StateSchemas.GROUPS;
    }
}
