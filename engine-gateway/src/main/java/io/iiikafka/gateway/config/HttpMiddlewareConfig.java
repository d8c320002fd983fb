package io.iiikafka.gateway.config;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A function that sees every HTTP request first (spec: http.md 12).
 *
 * @param functionId the function
 * @param phase only {@code preHandler}, the default, is ever run
 * @param priority lower runs first; default 0
 * @param rejectInvalid whether the request fails (500) when the function says neither continue nor respond;
 *     {@code on_invalid: reject}; by default it passes
 */
public record HttpMiddlewareConfig(String functionId, String phase, long priority, boolean rejectInvalid) {

    public static final String PRE_HANDLER = "preHandler";

    static HttpMiddlewareConfig read(ConfigNode node) {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw new BadValue("must be a list of entries with function_id, phase, priority");
        }
        KnownKeys.require(mapping, List.of("function_id", "phase", "priority", "on_invalid"));
        ConfigNode function = mapping.get("function_id");
        if (function == null || function.isNull()) {
            throw new BadValue("has an entry without function_id");
        }
        ConfigNode phase = mapping.get("phase");
        ConfigNode priority = mapping.get("priority");
        return new HttpMiddlewareConfig(
                SettingTypes.TEXT.read(function),
                phase == null ? PRE_HANDLER : SettingTypes.TEXT.read(phase),
                priority == null ? 0 : priority(priority),
                rejects(mapping.get("on_invalid")));
    }

    private static boolean rejects(@Nullable ConfigNode onInvalid) {
        return switch (onInvalid == null ? "continue" : SettingTypes.TEXT.read(onInvalid)) {
            case "continue" -> false;
            case "reject" -> true;
            default -> throw new BadValue("has an on_invalid that is neither continue nor reject");
        };
    }

    private static long priority(ConfigNode node) {
        try {
            return Long.parseLong(SettingTypes.TEXT.read(node));
        } catch (NumberFormatException e) {
            throw new BadValue("has a priority that is not a whole number");
        }
    }
}
