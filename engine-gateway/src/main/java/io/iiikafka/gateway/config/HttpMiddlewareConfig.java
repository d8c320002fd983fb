package io.iiikafka.gateway.config;

import java.util.List;

/**
 * A function that sees every HTTP request first (spec: http.md 12).
 *
 * @param functionId the function
 * @param phase only {@code preHandler}, the default, is ever run
 * @param priority lower runs first; default 0
 */
public record HttpMiddlewareConfig(String functionId, String phase, long priority) {

    public static final String PRE_HANDLER = "preHandler";

    static HttpMiddlewareConfig read(ConfigNode node) {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw new BadValue("must be a list of entries with function_id, phase, priority");
        }
        KnownKeys.require(mapping, List.of("function_id", "phase", "priority"));
        ConfigNode function = mapping.get("function_id");
        if (function == null || function.isNull()) {
            throw new BadValue("has an entry without function_id");
        }
        ConfigNode phase = mapping.get("phase");
        ConfigNode priority = mapping.get("priority");
        return new HttpMiddlewareConfig(
                SettingTypes.TEXT.read(function),
                phase == null ? PRE_HANDLER : SettingTypes.TEXT.read(phase),
                priority == null ? 0 : priority(priority));
    }

    private static long priority(ConfigNode node) {
        try {
            return Long.parseLong(SettingTypes.TEXT.read(node));
        } catch (NumberFormatException e) {
            throw new BadValue("has a priority that is not a whole number");
        }
    }
}
