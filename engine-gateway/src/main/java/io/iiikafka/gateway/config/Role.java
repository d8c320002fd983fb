package io.iiikafka.gateway.config;

/** What one process of the engine does; roles can be split over processes. */
public enum Role {
    /** Runs Apache Kafka in this process. Only without {@code kafka.bootstrap.servers}. */
    BROKER,
    /** Talks to workers and HTTP clients. */
    GATEWAY,
    /** Routes calls to workers. */
    ROUTER,
    /** Runs the functions that need stores, such as {@code state::*}. */
    KEEPER
}
