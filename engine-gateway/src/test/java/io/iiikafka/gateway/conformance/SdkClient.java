package io.iiikafka.gateway.conformance;

import static io.iiikafka.gateway.conformance.Scenario.CHANNEL_BYTES;
import static io.iiikafka.gateway.conformance.Scenario.CHANNEL_TEXT;
import static io.iiikafka.gateway.conformance.Scenario.CRON;
import static io.iiikafka.gateway.conformance.Scenario.HTTP_LARGE_JSON;
import static io.iiikafka.gateway.conformance.Scenario.HTTP_STREAM;
import static io.iiikafka.gateway.conformance.Scenario.HTTP_UPLOAD;
import static io.iiikafka.gateway.conformance.Scenario.LARGE_PAYLOAD;
import static io.iiikafka.gateway.conformance.Scenario.LIST_FUNCTIONS;
import static io.iiikafka.gateway.conformance.Scenario.LIST_TRIGGERS;
import static io.iiikafka.gateway.conformance.Scenario.LIST_WORKERS;
import static io.iiikafka.gateway.conformance.Scenario.METADATA;
import static io.iiikafka.gateway.conformance.Scenario.OWN_CODE;
import static io.iiikafka.gateway.conformance.Scenario.PAYLOAD_LIMIT;
import static io.iiikafka.gateway.conformance.Scenario.QUEUE;
import static io.iiikafka.gateway.conformance.Scenario.STREAM_SERVED;
import static io.iiikafka.gateway.conformance.Scenario.TRIGGER_METADATA;
import static io.iiikafka.gateway.conformance.Scenario.TRIGGER_TYPE_UNREGISTER;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One published SDK version.
 *
 * @param version as the registry names it
 * @param scenarios what this version can do; what it cannot is left out here, never skipped silently by a driver
 * @param legacyLists whether it is below 0.13, and so sees the list functions in their old shape (spec protocol 13.3)
 */
record SdkClient(Toolchain toolchain, String version, Set<Scenario> scenarios, boolean legacyLists) {

    private static final Scenario[] ONLY_SMALL_FRAMES = {PAYLOAD_LIMIT, HTTP_LARGE_JSON};

    static final List<SdkClient> ALL = List.of(
            legacy(Toolchain.NODE, "0.3.0")
                    .without(ONLY_SMALL_FRAMES)
                    .without(METADATA, TRIGGER_METADATA, OWN_CODE, TRIGGER_TYPE_UNREGISTER)
                    .without(CHANNEL_BYTES, CHANNEL_TEXT, HTTP_STREAM, HTTP_UPLOAD),
            legacy(Toolchain.NODE, "0.9.0")
                    .without(ONLY_SMALL_FRAMES)
                    .without(METADATA, TRIGGER_METADATA, OWN_CODE, TRIGGER_TYPE_UNREGISTER),
            legacy(Toolchain.NODE, "0.11.6")
                    .without(ONLY_SMALL_FRAMES)
                    .without(METADATA, TRIGGER_METADATA, OWN_CODE, TRIGGER_TYPE_UNREGISTER),
            current(Toolchain.NODE, "0.22.1").without(ONLY_SMALL_FRAMES).without(OWN_CODE),
            // Speaks the protocol, but calls engine functions by names of its own: no announcement, no lists.
            legacy(Toolchain.PYTHON, "0.0.2")
                    .without(METADATA, TRIGGER_METADATA, OWN_CODE, TRIGGER_TYPE_UNREGISTER, LARGE_PAYLOAD)
                    .without(PAYLOAD_LIMIT, HTTP_LARGE_JSON, CHANNEL_BYTES, CHANNEL_TEXT, HTTP_STREAM, HTTP_UPLOAD)
                    .without(LIST_FUNCTIONS, LIST_WORKERS, LIST_TRIGGERS, STREAM_SERVED, CRON),
            // The storage of its streams cannot say what it deleted.
            legacy(Toolchain.PYTHON, "0.4.1")
                    .without(METADATA, TRIGGER_METADATA, OWN_CODE, TRIGGER_TYPE_UNREGISTER, LARGE_PAYLOAD)
                    .without(HTTP_STREAM, HTTP_UPLOAD, STREAM_SERVED, CRON),
            current(Toolchain.PYTHON, "0.25.0").without(PAYLOAD_LIMIT, OWN_CODE, CRON),
            legacy(Toolchain.RUST, "0.4.1")
                    .without(ONLY_SMALL_FRAMES)
                    .without(METADATA, TRIGGER_METADATA, OWN_CODE, TRIGGER_TYPE_UNREGISTER, STREAM_SERVED, QUEUE, CRON),
            current(Toolchain.RUST, "0.25.0").without(ONLY_SMALL_FRAMES).without(QUEUE, CRON));

    private static SdkClient current(Toolchain toolchain, String version) {
        return new SdkClient(toolchain, version, EnumSet.allOf(Scenario.class), false);
    }

    private static SdkClient legacy(Toolchain toolchain, String version) {
        return new SdkClient(toolchain, version, EnumSet.allOf(Scenario.class), true);
    }

    private SdkClient without(Scenario... unsupported) {
        EnumSet<Scenario> remaining = EnumSet.copyOf(scenarios);
        remaining.removeAll(List.of(unsupported));
        return new SdkClient(toolchain, version, remaining, legacyLists);
    }

    /** For people: {@code node 0.22.1}. */
    String name() {
        return toolchain.id() + " " + version;
    }

    /** A prefix of everything this client registers, good in function ids and URL paths: {@code node-0-22-1}. */
    String run() {
        return name().replaceAll("[ .]", "-");
    }
}
