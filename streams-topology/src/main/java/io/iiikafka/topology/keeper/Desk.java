package io.iiikafka.topology.keeper;

/** A room at work on one partition, with that partition's stores. Used by one thread. */
@FunctionalInterface
public interface Desk {

    /** Runs the command of one of the room's functions: decides, and applies the changes. */
    Decision run(Command command);
}
