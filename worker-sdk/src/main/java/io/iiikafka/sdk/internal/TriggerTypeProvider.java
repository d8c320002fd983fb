package io.iiikafka.sdk.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.TriggerBinding;
import io.iiikafka.sdk.TriggerTypeHandler;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;

/** A trigger type of this worker (spec: protocol.md 4.6): hands bindings to the handler one by one, and answers. */
final class TriggerTypeProvider {

    private static final Logger LOG = System.getLogger(TriggerTypeProvider.class.getName());

    private final TriggerTypeHandler handler;
    private final Link link;
    private final ExecutorService inOrder =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("iii-trigger-type").factory());

    /** Only used by {@link #inOrder}. */
    private final Map<String, TriggerBinding> bindings = new HashMap<>();

    TriggerTypeProvider(TriggerTypeHandler handler, Link link) {
        this.handler = handler;
        this.link = link;
    }

    void register(Frame.RegisterTrigger frame) {
        inOrder.execute(() -> link.send(new Frame.TriggerRegistrationResult(
                frame.id(), frame.triggerType(), frame.functionId(), tryRegister(frame))));
    }

    private @Nullable ErrorBody tryRegister(Frame.RegisterTrigger frame) {
        TriggerBinding binding = new TriggerBinding(
                frame.id(),
                frame.triggerType(),
                frame.functionId(),
                frame.config(),
                frame.metadata(),
                frame.namespace());
        try {
            handler.register(binding);
            bindings.put(binding.id(), binding);
            return null;
        } catch (InvocationException e) {
            return new ErrorBody(e.code(), String.valueOf(e.getMessage()));
        } catch (Exception | Error e) {
            return new ErrorBody("trigger_registration_failed", FunctionRunner.messageOf(e));
        }
    }

    void unregister(Frame.UnregisterTrigger frame) {
        inOrder.execute(() -> {
            TriggerBinding binding = bindings.remove(frame.id());
            if (binding == null) {
                return;
            }
            try {
                handler.unregister(binding);
            } catch (Exception | Error e) {
                LOG.log(
                        Level.WARNING,
                        "trigger type {0} failed to unregister {1}: {2}",
                        frame.triggerType(),
                        frame.id(),
                        e);
            }
        });
    }
}
