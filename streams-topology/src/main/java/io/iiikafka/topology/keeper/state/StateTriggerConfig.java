package io.iiikafka.topology.keeper.state;

import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.Subject;
import io.iiikafka.topology.condition.TriggerCondition;
import io.iiikafka.topology.keeper.trigger.Guarantee;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.keeper.trigger.TriggerConfig;
import io.iiikafka.topology.keeper.trigger.TriggerMembers;
import io.iiikafka.topology.update.JsonEquality;
import org.jspecify.annotations.Nullable;

/**
 * Which changes a trigger hears of (spec: state.md 5.1, 12.1).
 *
 * @param scope only this one; null: any. The empty text is a scope like others.
 * @param key only this one; null: any
 * @param scopePrefix only scopes that begin so
 * @param keyPrefix only keys that begin so
 * @param eventTypes only these; empty: all
 * @param onlyChanges whether a write that changes nothing is passed over
 * @param condition an expression that must be fulfilled, or null
 * @param conditionFunction a function that may veto, or null
 * @param includeMeta whether the event tells which change it is
 * @param includeForks whether changes of forks count as changes of what they are forks of
 * @param guarantee of deliveries; null: none
 * @param since it hears first of the changes after this revision of its scope; -1: of none
 */
public record StateTriggerConfig(
        @Nullable String scope,
        @Nullable String key,
        String scopePrefix,
        String keyPrefix,
        Set<String> eventTypes,
        boolean onlyChanges,
        @Nullable TriggerCondition condition,
        @Nullable String conditionFunction,
        boolean includeMeta,
        boolean includeForks,
        @Nullable Guarantee guarantee,
        long since)
        implements TriggerConfig {

    private static final Set<String> EVENT_TYPES =
            Set.of(StateEvent.CREATED, StateEvent.UPDATED, StateEvent.DELETED);

    /** Members that are not known are ignored. */
    public static StateTriggerConfig parse(RawJson config) throws InvalidTriggerException {
        TriggerMembers members = TriggerMembers.of(config, "Failed to parse trigger config: ");
        String scopePrefix = members.text("scope_prefix");
        String keyPrefix = members.text("key_prefix");
        String condition = members.text("condition_function_id");
        StateTriggerConfig read = new StateTriggerConfig(
                members.text("scope"),
                members.text("key"),
                scopePrefix == null ? "" : scopePrefix,
                keyPrefix == null ? "" : keyPrefix,
                members.texts("event_types", EVENT_TYPES),
                members.flag("only_changes"),
                members.condition(Subject.STATE),
                condition == null ? members.text("_condition_path") : condition, // its name of old
                members.flag("include_meta"),
                members.flag("include_forks"),
                Guarantee.read(members, "key", "scope", "durable_id", false),
                since(members));
        if (read.scope != null && scopePrefix != null || read.key != null && keyPrefix != null) {
            throw members.invalid("a name and its prefix cannot both be given");
        }
        return read;
    }

    @Override
    public @Nullable String place() {
        return scope;
    }

    private static long since(TriggerMembers members) throws InvalidTriggerException {
        if (!members.isObject("start")) {
            members.choice("start", "latest");
            return -1;
        }
        if (!members.has("scope")) {
            throw members.invalid("`start` with a revision needs `scope`");
        }
        TriggerMembers start = members.object("start", "revision");
        if (!start.has("revision")) {
            throw members.invalid("`start` must be latest or {\"revision\":n}");
        }
        return start.number("revision", 0, 0, Long.MAX_VALUE);
    }

    @Override
    public boolean looksBack() {
        return since >= 0;
    }

    /** Whether the trigger hears of it, as far as can be told without asking a function. */
    boolean matches(StateChange change) {
        StateKey changed = change.key();
        return isOfScope(change)
                && (key == null ? changed.key().startsWith(keyPrefix) : key.equals(changed.key()))
                && (eventTypes.isEmpty() || eventTypes.contains(StateEvent.type(change)))
                && !(onlyChanges && changesNothing(change))
                && (condition == null || holds(condition, change));
    }

    private static boolean holds(TriggerCondition condition, StateChange change) {
        return condition.fires(
                change.before() == null ? null : change.before().value(),
                change.after() == null ? null : change.after().value(),
                Map.of(
                        "scope", change.key().scope(),
                        "key", change.key().key(),
                        "event_type", StateEvent.type(change)));
    }

    private boolean isOfScope(StateChange change) {
        String changed = change.key().scope();
        if (changed.equals(scope)) {
            return true;
        }
        return change.forkOf() == null
                ? scope == null && changed.startsWith(scopePrefix)
                : includeForks && (scope == null ? changed.startsWith(scopePrefix) : changed.startsWith(scope + Fork.SEPARATOR));
    }

    private static boolean changesNothing(StateChange change) {
        return change.before() == null || change.after() == null
                ? change.before() == change.after()
                : JsonEquality.same(change.before().value(), change.after().value());
    }
}
