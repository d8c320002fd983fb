package io.iiikafka.gateway.stream;

import java.util.UUID;

import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the triggers of joins and leaves, one after the other (spec: stream.md 6.2). */
final class SubscriptionTriggers {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionTriggers.class);
    private static final long PATIENCE_MS = 30_000;

    private final SubscriptionTriggerType joins = SubscriptionTriggerType.join();
    private final SubscriptionTriggerType leaves = SubscriptionTriggerType.leave();
    private final Invoker invoker;
    private final boolean failClosed;

    /** @param failClosed whether a join is refused unless a trigger admits it (13.8) */
    SubscriptionTriggers(Invoker invoker, boolean failClosed) {
        this.invoker = invoker;
        this.failClosed = failClosed;
    }

    SubscriptionTriggerType joins() {
        return joins;
    }

    SubscriptionTriggerType leaves() {
        return leaves;
    }

    private static RawJson payload(
            String subscription, GroupId group, @Nullable String item, @Nullable RawJson context) {
        return JsonBuilder.object()
                .member("subscription_id", subscription)
                .member("stream_name", group.stream())
                .member("group_id", group.group())
                .member("id", item)
                .member("context", context)
                .build();
    }

    /** Whether the join is admitted. All triggers are called, even after one has refused. */
    Future<Boolean> admits(String subscription, GroupId group, @Nullable String item, @Nullable RawJson context) {
        RawJson payload = payload(subscription, group, item, context);
        Future<Verdict> verdict = Future.succeededFuture(Verdict.NONE);
        for (SubscriptionTriggerType.Live trigger : joins.of(group.stream())) {
            verdict = verdict.compose(before -> ask(trigger, payload).map(before::and));
        }
        return verdict.map(all -> all == Verdict.ADMITTED || all == Verdict.NONE && !failClosed);
    }

    /** What triggers said together. */
    private enum Verdict {
        NONE,
        ADMITTED,
        REFUSED;

        Verdict and(Verdict other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    private Future<Verdict> ask(SubscriptionTriggerType.Live trigger, RawJson payload) {
        return condition(trigger, payload).compose(condition -> switch (condition) {
            case MET -> call(trigger.binding(), trigger.binding().functionId(), payload)
                    .map(outcome -> verdict(trigger.binding(), outcome));
            case NOT_MET -> Future.succeededFuture(Verdict.NONE);
            case FAILED -> Future.succeededFuture(failClosed ? Verdict.REFUSED : Verdict.NONE);
        });
    }

    private Verdict verdict(Binding binding, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failure failure -> {
                LOG.atError()
                        .addKeyValue("function", binding.functionId())
                        .addKeyValue("code", failure.error().code())
                        .log("A join trigger failed; the join is {}", failClosed ? "refused" : "not refused for that");
                yield failClosed ? Verdict.REFUSED : Verdict.ADMITTED;
            }
            case Outcome.Success success -> {
                String unauthorized = unauthorized(success.value());
                yield unauthorized.equals("true") || failClosed && !unauthorized.equals("false")
                        ? Verdict.REFUSED
                        : Verdict.ADMITTED;
            }
        };
    }

    private static String unauthorized(@Nullable RawJson result) {
        String[] found = {""};
        if (result != null) {
            result.forEachMember((name, value) -> {
                if (name.equals("unauthorized")) {
                    found[0] = value.length() > 5 ? "" : value.toString();
                }
            });
        }
        return found[0];
    }

    /** Ends when all triggers have been called and have answered, or not in time. */
    Future<Void> left(String subscription, GroupId group, @Nullable String item, @Nullable RawJson context) {
        RawJson payload = payload(subscription, group, item, context);
        Future<Void> done = Future.succeededFuture();
        for (SubscriptionTriggerType.Live trigger : leaves.of(group.stream())) {
            done = done.compose(before -> condition(trigger, payload))
                    .compose(condition -> condition == Condition.MET
                            ? call(trigger.binding(), trigger.binding().functionId(), payload).<Void>mapEmpty()
                            : Future.succeededFuture());
        }
        return done;
    }

    private enum Condition {
        MET,
        NOT_MET,
        FAILED
    }

    private Future<Condition> condition(SubscriptionTriggerType.Live trigger, RawJson payload) {
        String function = trigger.config().conditionFunction();
        if (function == null) {
            return Future.succeededFuture(Condition.MET);
        }
        return call(trigger.binding(), function, payload).map(outcome -> switch (outcome) {
            case Outcome.Success success ->
                success.value() != null && success.value().isFalse() ? Condition.NOT_MET : Condition.MET;
            case Outcome.Failure failure -> {
                LOG.atError()
                        .addKeyValue("condition", function)
                        .addKeyValue("code", failure.error().code())
                        .log("A condition failed, so {} is not called", trigger.binding().functionId());
                yield Condition.FAILED;
            }
        });
    }

    private Future<Outcome> call(Binding binding, String function, RawJson payload) {
        return invoker.invoke(new Call(
                UUID.randomUUID().toString(),
                function,
                binding.namespace(),
                payload,
                binding.metadata(),
                true,
                null,
                null,
                null,
                System.currentTimeMillis() + PATIENCE_MS));
    }
}
