package io.iiikafka.gateway.stream;

/**
 * What join triggers decided together.
 *
 * @param admitted whether there may be the subscription
 * @param filter what it may see
 */
record Admittance(boolean admitted, JoinFilter filter) {

    static final Admittance REFUSED = new Admittance(false, JoinFilter.OPEN);
}
