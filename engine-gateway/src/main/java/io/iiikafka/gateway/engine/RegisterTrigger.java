package io.iiikafka.gateway.engine;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.socket.PayloadLimit;
import io.iiikafka.gateway.socket.TriggerCompanions;
import io.iiikafka.gateway.trigger.TriggerState;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * {@code engine::register_trigger} (spec: protocol.md 6.9): a trigger that outlives its registrant, and the engine's
 * restart. Waits for the provider's answer, 10 s at most; silence is consent.
 */
final class RegisterTrigger implements EngineFunction, CatalogListener {

    private static final long PATIENCE_MS = 10_000;

    private final String id;
    private final Vertx vertx;
    private final CatalogWriter writer;
    private final TriggerCompanions companions;
    private final Triggers triggers;
    private final int largest;
    private final Map<String, Promise<@Nullable ErrorBody>> waiting = new ConcurrentHashMap<>();

    /**
     * @param id of the function
     * @param largest in bytes
     */
    RegisterTrigger(
            String id,
            Vertx vertx,
            Catalog catalog,
            CatalogWriter writer,
            TriggerCompanions companions,
            Triggers triggers,
            int largest) {
        this.id = id;
        this.largest = largest;
        this.vertx = vertx;
        this.writer = writer;
        this.companions = companions;
        this.triggers = triggers;
        catalog.listen(this);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Registers a trigger that outlives its registrant";
    }

    @Override
    public Future<Outcome> call(Call call) {
        Outcome tooLarge = PayloadLimit.ofRegistration(call, largest);
        if (tooLarge != null) {
            return Future.succeededFuture(tooLarge);
        }
        CatalogEntry.Trigger trigger;
        try {
            trigger = trigger(Input.of(call));
        } catch (Refusal refusal) {
            return Future.succeededFuture(new Outcome.Failure(refusal.error()));
        }
        Promise<@Nullable ErrorBody> answer = Promise.promise();
        waiting.put(trigger.key(), answer);
        return Future.all(companions.register(trigger, () -> writer.put(trigger)))
                .compose(written -> awaitAnswer(trigger, answer))
                .map(error -> outcome(trigger, error))
                .onComplete(done -> waiting.remove(trigger.key()));
    }

    /** {@code type} and {@code function} are what some callers write (spec: cron.md 10). */
    private static String either(Input input, String name, String other) {
        return input.has(name) || !input.has(other) ? input.requiredText(name) : input.requiredText(other);
    }

    private static CatalogEntry.Trigger trigger(Input input) {
        RawJson config = input.raw("config");
        String namespace = input.namespace("namespace");
        return new CatalogEntry.Trigger(
                null,
                UUID.randomUUID().toString(),
                either(input, "trigger_type", "type"),
                either(input, "function_id", "function"),
                namespace == null ? Call.DEFAULT_NAMESPACE : namespace,
                input.namespace("trigger_namespace"),
                Call.DEFAULT_NAMESPACE,
                config == null ? RawJson.NULL : config,
                input.raw("metadata"));
    }

    private Future<@Nullable ErrorBody> awaitAnswer(
            CatalogEntry.Trigger trigger, Promise<@Nullable ErrorBody> answer) {
        Triggers.Applied applied = triggers.get(trigger.id());
        if (applied != null && !(applied.state() instanceof TriggerState.Provided)) {
            answer.tryComplete(null); // built in and accepted, or parked: nobody will answer
        }
        vertx.setTimer(PATIENCE_MS, timer -> answer.tryComplete(null));
        return answer.future();
    }

    private static Outcome outcome(CatalogEntry.Trigger trigger, @Nullable ErrorBody error) {
        if (error == null) {
            return new Outcome.Success(RawJson.ofValue(Json.object().put("id", trigger.id())));
        }
        boolean builtin = error.code().equals(ErrorCode.TRIGGER_REGISTRATION_FAILED.code());
        return Outcome.failure(
                ErrorCode.TRIGGER_REGISTRATION_FAILED,
                builtin ? error.message() : error.code() + ": " + error.message());
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.TriggerAnswer answer) {
            Promise<@Nullable ErrorBody> asked = waiting.get(answer.trigger());
            if (asked != null) {
                asked.tryComplete(answer.error());
                if (answer.error() != null) {
                    writer.remove(answer.trigger());
                    writer.remove(EntryKey.triggerAnswer(answer.trigger()));
                }
            }
        }
    }
}
