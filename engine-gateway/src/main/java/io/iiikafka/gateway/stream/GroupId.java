package io.iiikafka.gateway.stream;

/** A group of a stream: what has one order and one clock. */
record GroupId(String stream, String group) {}
