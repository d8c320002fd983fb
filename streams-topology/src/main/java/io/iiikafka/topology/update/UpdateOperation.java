package io.iiikafka.topology.update;

import com.fasterxml.jackson.databind.JsonNode;

/** One step of an update. */
public sealed interface UpdateOperation {

    UpdatePath path();

    /** Its {@code type}, with which its error codes begin. */
    String type();

    /** Replaces the value or a member. */
    record Set(UpdatePath path, JsonNode value) implements UpdateOperation {
        @Override
        public String type() {
            return "set";
        }
    }

    /** Sets the members of an object, one by one. */
    record Merge(UpdatePath path, JsonNode value) implements UpdateOperation {
        @Override
        public String type() {
            return "merge";
        }
    }

    /** Adds to a number. */
    record Increment(UpdatePath path, Amount by) implements UpdateOperation {
        @Override
        public String type() {
            return "increment";
        }
    }

    /** Subtracts from a number. */
    record Decrement(UpdatePath path, Amount by) implements UpdateOperation {
        @Override
        public String type() {
            return "decrement";
        }
    }

    /** Adds an element to an array, or text to a text. */
    record Append(UpdatePath path, JsonNode value) implements UpdateOperation {
        @Override
        public String type() {
            return "append";
        }
    }

    /** Removes a member. */
    record Remove(UpdatePath path) implements UpdateOperation {
        @Override
        public String type() {
            return "remove";
        }
    }
}
