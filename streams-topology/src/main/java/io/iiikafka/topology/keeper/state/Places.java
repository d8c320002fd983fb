package io.iiikafka.topology.keeper.state;

/**
 * Where keys stand in the lists of their scopes, among the notes: {@code order/<scope>/<order in 19 digits>} → the key. So a
 * list of any length can be read from any place in it.
 */
final class Places {

    private Places() {}

    static String name(String scope, long order) {
        String digits = Long.toString(order);
        return "order/" + StateKey.prefixOf(scope) + "0".repeat(19 - digits.length()) + digits;
    }

    /** The order in such a name. */
    static long order(String name) {
        return Long.parseLong(name.substring(name.length() - 19));
    }
}
