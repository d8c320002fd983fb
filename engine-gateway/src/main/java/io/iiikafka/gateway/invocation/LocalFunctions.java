package io.iiikafka.gateway.invocation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.FunctionKey;
import org.jspecify.annotations.Nullable;

/** Which of this gateway's own workers serve which function. */
public final class LocalFunctions {

    private final Map<FunctionKey, List<LocalWorker>> workers = new ConcurrentHashMap<>();

    /** Registrations that have been written but not read back, and the deliveries that came faster. */
    private final Map<FunctionKey, Unsettled> unsettled = new ConcurrentHashMap<>();

    private record Unsettled(int registrations, List<Runnable> waiting) {}

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

    /** @param worker its id, which no other ever has */
    public void remove(FunctionKey function, String worker) {
        workers.computeIfPresent(function, (key, present) -> {
            List<LocalWorker> rest =
                    present.stream().filter(each -> !each.id().equals(worker)).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    /** A registration of the function is on its way to the catalog. */
    public void registering(FunctionKey function) {
        unsettled.compute(function, (key, present) -> present == null
                ? new Unsettled(1, List.of())
                : new Unsettled(present.registrations() + 1, present.waiting()));
    }

    /** A registration has been read back, and {@link #add added} if this worker may serve the function. */
    public void settled(FunctionKey function) {
        List<Runnable> released = new ArrayList<>();
        unsettled.computeIfPresent(function, (key, present) -> {
            if (present.registrations() > 1) {
                return new Unsettled(present.registrations() - 1, present.waiting());
            }
            released.addAll(present.waiting());
            return null;
        });
        released.forEach(Runnable::run);
    }

    /** Keeps a delivery that was faster than the registration it follows; false when there is none to wait for. */
    boolean awaitSettled(FunctionKey function, Runnable delivery) {
        return unsettled.computeIfPresent(function, (key, present) -> new Unsettled(
                        present.registrations(),
                        Stream.concat(present.waiting().stream(), Stream.of(delivery)).toList()))
                != null;
    }

    public boolean serves(FunctionKey function) {
        return workers.containsKey(function);
    }

    /** The worker that is wanted, if it serves the function and can take a call, else the {@linkplain #leastBusy least busy}. */
    @Nullable LocalWorker choose(FunctionKey function, @Nullable String wanted) {
        if (wanted != null) {
            for (LocalWorker worker : workers.getOrDefault(function, List.of())) {
                if (worker.id().equals(wanted) && worker.hasCapacity()) {
                    return worker;
                }
            }
        }
        return leastBusy(function);
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
