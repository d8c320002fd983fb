package io.iiikafka.gateway.stream;

import org.jspecify.annotations.Nullable;

/**
 * What join triggers decided together.
 *
 * @param admitted whether there may be the subscription
 * @param given what it may see; null: no trigger had a say
 */
record Admittance(boolean admitted, @Nullable JoinFilter given) {

    static final Admittance REFUSED = new Admittance(false, JoinFilter.OPEN);
    static final Admittance UNDECIDED = new Admittance(true, null);

    /** What it may see, if it could see so much before. */
    JoinFilter filter(JoinFilter before) {
        return given == null ? before : given;
    }

    /** What somebody new may see. */
    JoinFilter filter() {
        return filter(JoinFilter.OPEN);
    }
}
