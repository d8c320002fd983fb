package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** What an event tells of itself beside its content. */
public final class EventMeta {

    private EventMeta() {}

    /**
     * The event with a last member {@code meta}.
     *
     * @param event an object
     * @param meta an object, which gets a member {@code attempt}
     */
    public static RawJson added(RawJson event, RawJson meta, int attempt) {
        JsonBuilder told = JsonBuilder.object();
        meta.forEachMember(told::member);
        JsonBuilder all = JsonBuilder.object(event.length() + meta.length() + 40);
        event.forEachMember(all::member);
        return all.member("meta", told.member("attempt", attempt).build()).build();
    }
}
