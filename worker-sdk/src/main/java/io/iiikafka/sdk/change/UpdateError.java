package io.iiikafka.sdk.change;

/**
 * Why an operation of an update was left out; the others were applied (spec: state.md 4.5).
 *
 * @param operation its position among the operations, from 0
 * @param code for example {@code increment.not_number}
 */
public record UpdateError(int operation, String code, String message) {}
