package io.iiikafka.gateway.queue;

/** Where a named queue is defined: the generations count retries, and word complaints, each in its own way (spec: 4.9, 6.2, 8.1). */
public enum QueueSource {

    /** The section {@code iii-queue}, or one of the old classes: {@code max_retries} counts all deliveries. */
    IN_PROCESS,

    /** The section {@code queue}: {@code max_retries} come on top of the first delivery. */
    STANDALONE,

    /** {@code queue::define}: likewise. */
    FUNCTION;

    int attempts(long maxRetries) {
        return (int) (this == IN_PROCESS ? Math.max(1, maxRetries) : maxRetries + 1);
    }

    String wrongType(String queue, String type) {
        return this == FUNCTION
                ? "queue '" + queue + "' type must be either 'standard' or 'fifo'"
                : "Queue '" + queue + "' has invalid type '" + type + "'. Must be 'standard' or 'fifo'";
    }

    String noGroupField(String queue) {
        return this == FUNCTION
                ? "queue '" + queue + "' with type 'fifo' requires message_group_field"
                : "Queue '" + queue + "' is of type 'fifo' but 'message_group_field' is not set";
    }

    String empty(String queue, String key) {
        return this == FUNCTION
                ? "queue '" + queue + "' " + key + " must not be empty"
                : "Queue '" + queue + "' has an empty '" + key + "'; name a field of the payload or leave it out";
    }

    String outOfRange(String queue, String key, String given, long min, long max) {
        if (this == FUNCTION && min == 1 && !given.startsWith("-") && given.equals("0")) {
            return "queue '" + queue + "' " + key + " must be greater than zero";
        }
        String range = max == Long.MAX_VALUE || max == Integer.MAX_VALUE || max == Integer.MAX_VALUE - 1
                ? "at least " + min
                : "between " + min + " and " + max;
        return subject(queue) + " has '" + key + "' " + given + "; it must be " + range;
    }

    String wrongKind(String queue, String key, String given, String expected) {
        return subject(queue) + " has '" + key + "' " + given + "; it must be " + expected;
    }

    String unknownKey(String queue, String complaint) {
        return subject(queue) + " has an " + complaint;
    }

    String conflict(String queue, String why) {
        return subject(queue) + ": " + why;
    }

    private String subject(String queue) {
        return (this == FUNCTION ? "queue '" : "Queue '") + queue + "'";
    }
}
