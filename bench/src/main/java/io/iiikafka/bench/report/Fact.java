package io.iiikafka.bench.report;

/** One number that is not a round trip. */
public record Fact(String id, String title, double value, String unit) {}
