package io.iiikafka.gateway.engine;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.socket.TriggerCompanions;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/** {@code engine::unregister_trigger} (spec: protocol.md 6.10): {@code {"removed": true|false}}, idempotent. */
final class UnregisterTrigger implements EngineFunction {

    private final CatalogWriter writer;
    private final TriggerCompanions companions;
    private final Triggers triggers;

    UnregisterTrigger(CatalogWriter writer, TriggerCompanions companions, Triggers triggers) {
        this.writer = writer;
        this.companions = companions;
        this.triggers = triggers;
    }

    @Override
    public String id() {
        return "engine::unregister_trigger";
    }

    @Override
    public String description() {
        return "Removes a trigger";
    }

    @Override
    public Future<Outcome> call(Call call) {
        String id;
        try {
            id = Input.of(call).requiredText("id");
        } catch (Refusal refusal) {
            return Future.succeededFuture(new Outcome.Failure(refusal.error()));
        }
        Triggers.Applied applied = triggers.get(id);
        if (applied == null) {
            return Future.succeededFuture(removed(false));
        }
        String key = applied.trigger().entry().key();
        return writer.remove(EntryKey.triggerAnswer(key))
                .compose(answerGone -> Future.all(companions.unregister(key, () -> writer.remove(key))))
                .map(gone -> removed(true));
    }

    private static Outcome removed(boolean removed) {
        return new Outcome.Success(RawJson.of("{\"removed\":" + removed + "}"));
    }
}
