package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.OptionalLong;

/**
 * What an operator decides about state.
 *
 * @param shardedScopes patterns of scopes that are spread over all partitions by key ({@code *}: any characters)
 * @param triggersEnabled whether changes call the functions of triggers
 * @param maxValueBytes longest value of {@code state::set} in its compact form; empty: no limit
 * @param maxValueBytesStrict whether that also holds for what {@code state::update} and others come to
 * @param maxPayloadBytes longest value of all; an answer or an event may hold two
 * @param maxTriggerDepth after how many changes that led to each other no more triggers are called; 0: never
 * @param history what is kept of changes
 */
public record StateSettings(
        List<String> shardedScopes,
        boolean triggersEnabled,
        OptionalLong maxValueBytes,
        boolean maxValueBytesStrict,
        int maxPayloadBytes,
        int maxTriggerDepth,
        HistorySettings history) {

    /** No bound of trigger chains, and the usual history. */
    public StateSettings(
            List<String> shardedScopes,
            boolean triggersEnabled,
            OptionalLong maxValueBytes,
            boolean maxValueBytesStrict,
            int maxPayloadBytes) {
        this(
                shardedScopes,
                triggersEnabled,
                maxValueBytes,
                maxValueBytesStrict,
                maxPayloadBytes,
                0,
                HistorySettings.DEFAULT);
    }

    public static final StateSettings DEFAULT = new StateSettings(List.of(), true, OptionalLong.empty(), false, 16 << 20);
}
