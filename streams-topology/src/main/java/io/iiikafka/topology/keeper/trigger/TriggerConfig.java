package io.iiikafka.topology.keeper.trigger;

import org.jspecify.annotations.Nullable;

/** What the configs of triggers that the keeper fires have in common. */
public interface TriggerConfig {

    /** The scope, or the stream, that it is for; null: it may hear of several. */
    @Nullable String place();

    /** What is promised of its deliveries; null: nothing. */
    @Nullable Guarantee guarantee();

    /** Whether it hears first of what was before it was registered. */
    boolean looksBack();

    /** The name under which its events are kept while no worker is connected; null: they are not. */
    default @Nullable String subscription() {
        Guarantee guarantee = guarantee();
        return guarantee == null ? null : guarantee.subscription();
    }
}
