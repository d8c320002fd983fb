package io.iiikafka.topology.keeper;

/** A room at work in this process. */
record OpenRoom(Room room, Room.Desks desks) {}
