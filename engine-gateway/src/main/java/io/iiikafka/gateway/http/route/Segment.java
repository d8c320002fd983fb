package io.iiikafka.gateway.http.route;

/** One part of a template between slashes. */
public sealed interface Segment {

    /** Matches exactly this text of the raw path. */
    record Literal(String text) implements Segment {}

    /** {@code :name} or <code>{name}</code>: one segment that is not empty. */
    record Parameter(String name) implements Segment {}

    /** <code>{*name}</code>, only at the end: one or more segments, slashes included. */
    record Rest(String name) implements Segment {}
}
