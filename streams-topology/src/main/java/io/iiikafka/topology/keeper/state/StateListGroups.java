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

    StateListGroups() {
        super("state::list_groups", "List all scopes", Partitioning.WHOLE);
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        String prefix = prefix(input);
        input.flag("include_forks");
        return new Placement.Everywhere(StateGroupsPart.ID, parts -> merge(parts, prefix));
    }

    private static String prefix(Input input) {
        String prefix = input.optionalText("prefix");
        return prefix == null ? "" : prefix;
    }

    private static RawJson merge(List<RawJson> parts, String prefix) {
        TreeSet<String> groups = new TreeSet<>(BY_CODE_POINT);
        for (RawJson part : parts) {
            for (JsonNode scope : part.toTree()) {
                groups.add(scope.textValue());
            }
        }
        JsonBuilder list = JsonBuilder.array();
        groups.stream().filter(scope -> scope.startsWith(prefix)).forEach(list::element);
        return JsonBuilder.object().member("groups", list.build()).build();
    }

    /** Comes here only when the input does not fit. */
    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        prefix(input);
        input.flag("include_forks");
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
