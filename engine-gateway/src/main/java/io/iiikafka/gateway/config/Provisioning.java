package io.iiikafka.gateway.config;

/** What happens at the start about the topics. */
public enum Provisioning {
    /** Those that lack are created, the others checked. */
    AUTO,
    /** They are checked; one that lacks or is wrong forbids the start. */
    CHECK,
    /** As {@link #CHECK}, and what lacks is printed as commands for an administrator. */
    PRINT
}
