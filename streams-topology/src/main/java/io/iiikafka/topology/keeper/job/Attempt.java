package io.iiikafka.topology.keeper.job;

import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * A call of a job that is to be made now.
 *
 * @param call its outcome is to come back to {@link Jobs#answered}
 * @param condition a function that may veto it; null: none
 * @param number of the job
 */
public record Attempt(Call call, @Nullable String condition, long number) {}
