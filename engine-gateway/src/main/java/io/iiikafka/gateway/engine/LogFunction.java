package io.iiikafka.gateway.engine;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * {@code engine::log::info} and its like (spec: protocol.md 6.13): what a worker has to say goes to the engine's log,
 * under the logger {@code worker.<service name>}.
 */
final class LogFunction extends AnsweringFunction {

    private static final int LONGEST_NAME = 100;

    private final Level level;

    LogFunction(String name, Level level) {
        super("engine::log::" + name, "Logs a message at level " + name);
        this.level = level;
    }

    @Override
    @Nullable JsonNode answer(Input input, Call call) {
        String message = input.requiredText("message");
        String service = input.text("service_name");
        LoggingEventBuilder event = logger(service).atLevel(level);
        event = with(event, "trace_id", input.text("trace_id"));
        event = with(event, "span_id", input.text("span_id"));
        JsonNode data = input.object().path("data");
        if (data.isObject()) {
            for (Map.Entry<String, JsonNode> field : data.properties()) {
                event = event.addKeyValue(field.getKey(), field.getValue());
            }
        } else if (!data.isMissingNode() && !data.isNull()) {
            event = event.addKeyValue("data", data);
        }
        event.log("{}", message);
        return null;
    }

    private static Logger logger(@Nullable String service) {
        boolean usable = service != null && !service.isBlank() && service.length() <= LONGEST_NAME;
        return LoggerFactory.getLogger(usable ? "worker." + service : "worker");
    }

    private static LoggingEventBuilder with(LoggingEventBuilder event, String key, @Nullable String value) {
        return value == null ? event : event.addKeyValue(key, value);
    }
}
