package io.iiikafka.topology.keeper.pubsub;

/**
 * What the operator decides of pub/sub (spec: pubsub.md 5, 9).
 *
 * @param keptMs how long events are kept for late subscribers, in milliseconds; 0: they are not
 * @param keptEvents so many of each topic at most
 * @param maxEventBytes of the {@code data} of one event
 * @param answerBytes of one answer
 */
public record PubsubSettings(long keptMs, int keptEvents, int maxEventBytes, long answerBytes) {}
