package io.iiikafka.sdk.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

/** How a worker introduces itself on each connection: a void call of {@code engine::workers::register} (2.3). */
final class Announcement {

    private Announcement() {}

    static Frame of(WorkerOptions options) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("runtime", options.runtime());
        data.put("version", version());
        data.put("name", options.name());
        data.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        data.put("pid", ProcessHandle.current().pid());
        if (options.description() != null) {
            data.put("description", options.description());
        }
        if (options.isolation() != null) {
            data.put("isolation", options.isolation());
        }
        if (options.namespace() != null) {
            data.put("namespace", options.namespace());
        }
        data.put("telemetry", Map.of("language", "java"));
        return new Frame.InvokeFunction(
                null, "engine::workers::register", RawJson.ofValue(data), null, null, Action.VOID, null, null);
    }

    private static String version() {
        String version = Iii.class.getPackage().getImplementationVersion();
        return version == null ? "0.0.0-dev" : version;
    }
}
