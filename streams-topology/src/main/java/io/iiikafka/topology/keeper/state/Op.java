package io.iiikafka.topology.keeper.state;

/** How a value was changed, as histories tell it (spec: state.md 12.5). */
public enum Op {
    SET,
    UPDATE,
    DELETE,
    CAS,
    TRANSACT,
    MERGE,
    EXPIRE;

    String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** That by which a function changes values. */
    static Op of(String functionId) {
        return switch (functionId.substring(functionId.lastIndexOf(':') + 1)) {
            case "set" -> SET;
            case "delete" -> DELETE;
            case "compare-and-set" -> CAS;
            case "transact", "restore" -> TRANSACT;
            case "merge_fork" -> MERGE;
            default -> UPDATE;
        };
    }
}
