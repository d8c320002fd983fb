package io.iiikafka.gateway;

import java.util.List;
import java.util.OptionalInt;

/**
 * Where a running engine listens.
 *
 * @param kafka bootstrap servers
 * @param admin the admin port
 * @param workers ports of the worker listeners, in their order; none without the gateway role
 * @param http the REST port, where it is on
 * @param streams the stream port, where it is on
 */
public record Endpoints(String kafka, int admin, List<Integer> workers, OptionalInt http, OptionalInt streams) {}
