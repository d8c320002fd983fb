package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * A function of state under the name by which one kind of worker uses its private scopes: {@code harness::state::get}
 * (spec: state.md 7.5).
 */
public final class PrivateAccessor implements KeeperFunction {

    private static final Set<String> FUNCTIONS =
            Set.of("state::get", "state::list", "state::list_keys", "state::compare-and-set");
    private static final Set<String> PARTS = Set.of("state::list_part", "state::list_keys_part");
    private static final String INFIX = "::state::";
    private static final RawJson METADATA = RawJson.of("{\"internal\":true,\"trace_hidden\":true}");

    private final String prefix;
    private final StateFunction function;

    private PrivateAccessor(String prefix, StateFunction function) {
        this.prefix = prefix;
        this.function = function;
    }

    /** Those that come with the first claim of a prefix. */
    static List<PrivateAccessor> of(String prefix, List<StateFunction> functions) {
        return functions.stream()
                .filter(function -> FUNCTIONS.contains(function.id()))
                .map(function -> new PrivateAccessor(prefix, function))
                .toList();
    }

    /** The prefix in an accessor's id; null when it is none. */
    static @Nullable String prefixIn(String functionId) {
        int infix = functionId.indexOf(INFIX);
        String function = infix > 0 ? functionId.substring(infix + 2) : "";
        return FUNCTIONS.contains(function) || PARTS.contains(function) ? functionId.substring(0, infix) : null;
    }

    /** The function that an accessor stands for. */
    static String publicId(String prefix, String functionId) {
        return functionId.substring(prefix.length() + 2);
    }

    @Override
    public String id() {
        return prefix + "::" + function.id();
    }

    @Override
    public String workerName() {
        return function.workerName();
    }

    @Override
    public String description() {
        return function.description() + ", privately";
    }

    @Override
    public RawJson requestFormat() {
        return function.requestFormat();
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return function.responseFormat();
    }

    @Override
    public RawJson metadata() {
        return METADATA;
    }

    @Override
    public Placement placement(Call call) {
        return switch (function.placement(call)) {
            case Placement.Listing listing -> listing.of(prefix + "::" + listing.partFunction());
            case Placement.Owner owner -> owner;
            case Placement.Partition partition -> partition;
            case Placement.Everywhere everywhere -> everywhere;
        };
    }
}
