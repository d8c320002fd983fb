package io.iiikafka.gateway.config;

/**
 * A value and who gave it, as shown beside it: {@code config.yaml:12}, {@code environment III_PORT}, {@code
 * command line}.
 */
record Given(ConfigNode node, String source) {}
