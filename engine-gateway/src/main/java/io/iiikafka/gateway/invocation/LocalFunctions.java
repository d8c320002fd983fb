package io.iiikafka.gateway.invocation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.FunctionKey;
import org.jspecify.annotations.Nullable;

/** Which of this gateway's own workers serve which function. */
public final class LocalFunctions {

    private final Map<FunctionKey, List<LocalWorker>> workers = new ConcurrentHashMap<>();

    public void add(FunctionKey function, LocalWorker worker) {
        workers.compute(function, (key, present) -> {
            if (present == null) {
                return List.of(worker);
            }
            return present.contains(worker)
                    ? present
                    : Stream.concat(present.stream(), Stream.of(worker)).toList();
        });
    }

    public void remove(FunctionKey function, LocalWorker worker) {
        workers.computeIfPresent(function, (key, present) -> {
            List<LocalWorker> rest = present.stream().filter(each -> each != worker).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    public boolean serves(FunctionKey function) {
        return workers.containsKey(function);
    }

    /** The worker with the fewest calls in flight; null when none of them can take one. */
    @Nullable LocalWorker leastBusy(FunctionKey function) {
        LocalWorker best = null;
        int fewest = Integer.MAX_VALUE;
        for (LocalWorker worker : workers.getOrDefault(function, List.of())) {
            int inFlight = worker.inFlight();
            if (inFlight < fewest && worker.hasCapacity()) {
                best = worker;
                fewest = inFlight;
            }
        }
        return best;
    }
}
