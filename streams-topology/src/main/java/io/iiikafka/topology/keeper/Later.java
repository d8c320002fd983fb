package io.iiikafka.topology.keeper;

import io.iiikafka.topology.record.Call;

/**
 * A command that a command leaves behind: written in the transaction of its changes, and so run when they are committed,
 * exactly once, or not at all.
 *
 * @param owner the key of the partition that runs it
 * @param call nobody waits for it
 */
public record Later(String owner, Call call) {}
