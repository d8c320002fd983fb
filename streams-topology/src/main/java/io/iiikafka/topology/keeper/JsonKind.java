package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;

/** Names a JSON value in messages: its kind, and for short scalars the value. */
final class JsonKind {

    private static final int LONGEST_SHOWN = 40;

    private JsonKind() {}

    /** For example {@code integer `5`}, {@code null}, {@code an array}. */
    static String described(RawJson value) {
        String text = value.length() > LONGEST_SHOWN ? "…" : value.toString();
        return switch (value.length() == 0 ? ' ' : value.toString().charAt(0)) {
            case '{' -> "an object";
            case '[' -> "an array";
            case '"' -> "string " + text;
            case 't', 'f' -> "boolean `" + text + "`";
            case 'n' -> "null";
            default -> (text.matches("-?\\d+") ? "integer `" : "number `") + text + "`";
        };
    }
}
