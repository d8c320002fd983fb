package io.iiikafka.gateway.socket;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.LocalFunctions;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;
import io.vertx.core.Future;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection registers. Until the connection's namespace is decided everything waits here, in order of arrival
 * (spec: protocol.md 2.2); then each becomes a catalog entry of this connection.
 *
 * <p>Used on the connection's event loop.
 */
final class Registrations {

    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    /** What a call takes that waits, without its data. */
    private static final int LEAST_HELD = 512;

    /** @param size of its message, in bytes */
    private record Waiting(Frame frame, int size) {}

    private final WorkerConnection connection;
    private final CatalogWriter writer;
    private final LocalFunctions localFunctions;
    private final EngineInvoker invoker;
    private final HeldCalls heldCalls;
    private final TriggerCompanions companions;
    private final SocketSettings settings;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final Set<String> waitingFunctions = new HashSet<>();
    private final Map<String, FunctionKey> functions = new HashMap<>();
    private final RegistrationRoom room;
    private final Map<String, String> triggerTypesByKey = new HashMap<>();
    private final Queue<Runnable> callsForWaiting = new ArrayDeque<>();
    private long waitingBytes;
    private long heldBytes;

    Registrations(
            WorkerConnection connection,
            CatalogWriter writer,
            LocalFunctions localFunctions,
            EngineInvoker invoker,
            HeldCalls heldCalls,
            TriggerCompanions companions,
            SocketSettings settings) {
        this.connection = connection;
        this.writer = writer;
        this.localFunctions = localFunctions;
        this.invoker = invoker;
        this.heldCalls = heldCalls;
        this.companions = companions;
        this.settings = settings;
        this.room = new RegistrationRoom(settings.maxRegistrations(), settings.maxRegisteredBytes());
    }

    /**
     * Applies the frame, or keeps it until the namespace is decided. What a worker registers that is sent away is dropped: it
     * registers all of it anew where it connects next.
     *
     * @param size of its message, in bytes
     */
    void submit(Frame frame, int size) {
        if (size > settings.maxRegistrationBytes()) {
            refuse(
                    frame,
                    "it takes " + size + " bytes, the limit is " + settings.maxRegistrationBytes()
                            + " (limits.max_registration)");
            return;
        }
        if (connection.isGone() && !takesBack(frame)) {
            return;
        }
        if (connection.namespace() != null) {
            apply(frame, size);
            return;
        }
        waiting.add(new Waiting(frame, size));
        waitingBytes += size;
        if (waitingBytes > settings.maxMessageBytes()) {
            waiting.clear();
            connection.restart("too much was registered before the worker announced itself");
        }
        if (frame instanceof Frame.RegisterFunction function) {
            waitingFunctions.add(function.id());
        }
    }

    private static boolean takesBack(Frame frame) {
        return frame instanceof Frame.UnregisterFunction
                || frame instanceof Frame.UnregisterTriggerType
                || frame instanceof Frame.UnregisterTrigger;
    }

    /**
     * Runs a call that aims at a function which is itself still waiting here after it, others when the registrations before them
     * are in the catalog.
     *
     * @param refused run in its place when calls that wait already take as much as a message may
     */
    void runAfterOwn(Frame.InvokeFunction frame, Runnable call, Runnable refused) {
        boolean own = waitingFunctions.contains(frame.functionId());
        if (!own && !heldCalls.mustWait()) {
            call.run();
            return;
        }
        long bytes = LEAST_HELD + length(frame.data()) + length(frame.metadata())
                + (frame.baggage() == null ? 0 : frame.baggage().length());
        if (heldBytes > 0 && heldBytes + bytes > settings.maxMessageBytes()) {
            refused.run();
            return;
        }
        heldBytes += bytes;
        Runnable later = () -> {
            heldBytes -= bytes;
            call.run();
        };
        if (own) {
            callsForWaiting.add(later);
        } else {
            heldCalls.run(later);
        }
    }

    private static long length(@Nullable RawJson json) {
        return json == null ? 0 : json.length();
    }

    /** Applies all that waited; the connection's namespace is decided now. */
    void release() {
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            apply(next.frame(), next.size());
        }
        waitingBytes = 0;
        waitingFunctions.clear();
        for (Runnable call = callsForWaiting.poll(); call != null; call = callsForWaiting.poll()) {
            heldCalls.run(call);
        }
    }

    /** Whoever reads the catalog holds it in memory, so what is too large for that must not come in. */
    private void refuse(Frame frame, String why) {
        String what =
                switch (frame) {
                    case Frame.RegisterFunction function -> "function " + function.id();
                    case Frame.RegisterTriggerType type -> "trigger type " + type.id();
                    case Frame.RegisterTrigger trigger -> {
                        connection.send(new Frame.TriggerRegistrationResult(
                                trigger.id(),
                                trigger.triggerType(),
                                trigger.functionId(),
                                ErrorCode.TRIGGER_REGISTRATION_FAILED.body("The registration is too much: " + why)));
                        yield "trigger " + trigger.id();
                    }
                    case Frame.RegisterService service -> "service " + service.id();
                    default -> "a description";
                };
        LOG.atWarn().addKeyValue("worker", connection.name()).log("Not registered: {}: {}", what, why);
    }

    private void apply(Frame frame, int size) {
        switch (frame) {
            case Frame.RegisterFunction function -> registerFunction(function, size);
            case Frame.UnregisterFunction function -> unregisterFunction(function.id());
            case Frame.RegisterTriggerType type -> registerTriggerType(type, size);
            case Frame.UnregisterTriggerType type -> unregisterTriggerType(type.id());
            case Frame.RegisterTrigger trigger -> registerTrigger(trigger, size);
            case Frame.UnregisterTrigger trigger -> unregisterTrigger(trigger.id());
            case Frame.RegisterService service ->
                putIfRoom(
                        service,
                        new CatalogEntry.Service(
                                connection.id(),
                                service.id(),
                                service.name(),
                                service.description(),
                                service.parentServiceId()),
                        size);
            default -> throw new IllegalArgumentException("not a registration: " + frame);
        }
    }

    /** Nothing is registered before it is decided. */
    private String namespace() {
        return requireNonNull(connection.namespace());
    }

    private void registerFunction(Frame.RegisterFunction frame, int size) {
        String namespace = namespace();
        String refused = refusal(frame, namespace, size);
        if (refused != null) {
            LOG.atWarn()
                    .addKeyValue("worker", connection.name())
                    .addKeyValue("function", frame.id())
                    .log("Function not registered: {}", refused);
            if (isReserved(frame.id(), namespace)) {
                connection.send(new Frame.RegistrationRejected(
                        ErrorCode.FUNCTION_NAMESPACE_CONFLICT.code(), namespace, frame.id(), null, ""));
            }
            return;
        }
        FunctionKey key = new FunctionKey(namespace, frame.id());
        functions.put(frame.id(), key);
        localFunctions.registering(key);
        CatalogEntry.Function entry = new CatalogEntry.Function(
                connection.id(),
                namespace,
                frame.id(),
                frame.description(),
                frame.requestFormat(),
                frame.responseFormat(),
                frame.metadata());
        Future<Void> applied = put(entry, size);
        applied.onComplete(done -> connection.execute(() -> localFunctions.settled(key)));
    }

    private @Nullable String refusal(Frame.RegisterFunction frame, String namespace, int size) {
        if (frame.id().isBlank()) {
            return "its id is blank";
        }
        if (frame.invocation() != null) {
            return "functions that the engine invokes over HTTP are not supported";
        }
        if (functions.size() >= settings.maxFunctions() && !functions.containsKey(frame.id())) {
            return "the connection has " + settings.maxFunctions() + " functions, the limit (limits.functions_per_worker)";
        }
        return isReserved(frame.id(), namespace)
                ? "the id is the engine's own"
                : room.refusal(EntryKey.function(connection.id(), frame.id()), size);
    }

    /** The engine's functions are protected; the prefix as such may be used in {@code default} (spec: 4.1). */
    private boolean isReserved(String functionId, String namespace) {
        return namespace.equals(Call.DEFAULT_NAMESPACE)
                ? invoker.engineFunction(namespace, functionId) != null
                        || invoker.keeperFunction(namespace, functionId) != null
                : functionId.startsWith("engine::");
    }

    private void unregisterFunction(String functionId) {
        FunctionKey key = functions.remove(functionId);
        if (key != null) {
            localFunctions.remove(key, connection.id());
            remove(EntryKey.function(connection.id(), functionId));
        }
    }

    /** Withdraws a function that turned out to be owned by another worker. */
    void withdraw(String functionId) {
        unregisterFunction(functionId);
    }

    private void registerTriggerType(Frame.RegisterTriggerType frame, int size) {
        if (frame.namespace() != null && frame.namespace().isBlank()) {
            LOG.atWarn().addKeyValue("trigger_type", frame.id()).log("Trigger type not registered: blank namespace");
            return;
        }
        CatalogEntry.TriggerType type = new CatalogEntry.TriggerType(
                connection.id(),
                frame.namespace() == null ? namespace() : frame.namespace(),
                frame.id(),
                frame.description(),
                frame.triggerRequestFormat(),
                frame.callRequestFormat());
        if (putIfRoom(frame, type, size)) {
            triggerTypesByKey.put(type.key(), type.id());
        }
    }

    private void unregisterTriggerType(String typeId) {
        triggerTypesByKey.entrySet().removeIf(type -> {
            boolean meant = type.getValue().equals(typeId);
            if (meant) {
                remove(type.getKey());
            }
            return meant;
        });
    }

    private void registerTrigger(Frame.RegisterTrigger frame, int size) {
        ErrorBody blank = isBlank(frame.namespace())
                ? BlankNamespace.error("namespace")
                : isBlank(frame.triggerNamespace()) ? BlankNamespace.error("trigger_namespace") : null;
        if (blank != null) {
            connection.send(new Frame.TriggerRegistrationResult(
                    frame.id(), frame.triggerType(), frame.functionId(), blank));
            return;
        }
        CatalogEntry.Trigger trigger = new CatalogEntry.Trigger(
                connection.id(),
                frame.id(),
                frame.triggerType(),
                frame.functionId(),
                frame.namespace() == null ? Call.DEFAULT_NAMESPACE : frame.namespace(),
                frame.triggerNamespace(),
                namespace(),
                frame.config(),
                frame.metadata());
        if (hasRoom(frame, trigger, size)) {
            companions.register(trigger, () -> write(trigger, size)).forEach(heldCalls::await);
        }
    }

    private static boolean isBlank(@Nullable String namespace) {
        return namespace != null && namespace.isBlank();
    }

    private void unregisterTrigger(String triggerId) {
        String key = EntryKey.trigger(connection.id(), triggerId);
        String registered = room.contains(key) ? key : EntryKey.trigger(null, triggerId);
        room.remove(registered);
        companions.unregister(registered, () -> writer.remove(registered)).forEach(heldCalls::await);
    }

    private boolean putIfRoom(Frame frame, CatalogEntry entry, int size) {
        boolean fits = hasRoom(frame, entry, size);
        if (fits) {
            put(entry, size);
        }
        return fits;
    }

    private boolean hasRoom(Frame frame, CatalogEntry entry, int size) {
        String refused = room.refusal(entry.key(), size);
        if (refused != null) {
            refuse(frame, refused);
        }
        return refused == null;
    }

    private Future<Void> put(CatalogEntry entry, int size) {
        Future<Void> applied = write(entry, size);
        heldCalls.await(applied);
        return applied;
    }

    private Future<Void> write(CatalogEntry entry, int size) {
        room.put(entry.key(), size);
        return writer.put(entry).onFailure(failure -> notWritten(entry.key(), failure));
    }

    /** Any thread. The worker takes it for registered, so it registers anew, unless that would fail again. */
    private void notWritten(String key, Throwable failure) {
        LOG.atWarn()
                .addKeyValue("worker", connection.name())
                .addKeyValue("entry", key)
                .addKeyValue("cause", failure.getMessage())
                .log("A registration did not reach the catalog");
        if (!(failure instanceof ApiException) || failure instanceof RetriableException) {
            connection.restart("Kafka did not take a registration: register again");
        }
    }

    private void remove(String key) {
        room.remove(key);
        heldCalls.await(writer.remove(key));
    }

    /** Removes everything, when the connection has ended. */
    void removeAll() {
        waiting.clear();
        callsForWaiting.clear();
        functions.values().forEach(key -> localFunctions.remove(key, connection.id()));
        writer.removeAll(room.keys());
        room.clear();
        functions.clear();
    }
}
