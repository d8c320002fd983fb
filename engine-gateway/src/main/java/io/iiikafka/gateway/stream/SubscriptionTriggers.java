package io.iiikafka.gateway.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.condition.InvalidConditionException;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the triggers of joins and leaves, one after the other (spec: stream.md 6.2). */
final class SubscriptionTriggers {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionTriggers.class);

    private final SubscriptionTriggerType joins = SubscriptionTriggerType.join();
    private final SubscriptionTriggerType leaves = SubscriptionTriggerType.leave();
    private final Invoker invoker;
    private final boolean failClosed;
    private final long patienceMs;

    SubscriptionTriggers(Invoker invoker, StreamSocketSettings settings) {
        this.invoker = invoker;
        this.failClosed = settings.joinFailClosed();
        this.patienceMs = settings.joinTimeout().toMillis();
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

    /** Whether somebody decides who may join that stream. */
    boolean guards(String stream) {
        return !joins.of(stream).isEmpty();
    }

    /**
     * Whether the join is admitted. All triggers are called, even after one has refused.
     *
     * @param consumerGroup null: it does not consume
     */
    Future<Admittance> admits(
            String subscription,
            GroupId group,
            @Nullable String item,
            @Nullable String consumerGroup,
            @Nullable RawJson context) {
        RawJson plain = payload(subscription, group, item, context);
        RawJson payload = consumerGroup == null
                ? plain
                : Frame.with(plain, JsonBuilder.object().member("consumer_group", consumerGroup).build());
        Future<Opinion> opinion = Future.succeededFuture(new Opinion(Verdict.NONE, JoinFilter.OPEN));
        for (SubscriptionTriggerType.Live trigger : joins.of(group.stream())) {
            opinion = opinion.compose(before -> ask(trigger, payload, before));
        }
        return opinion.map(all -> switch (all.verdict()) {
            case NONE -> failClosed ? Admittance.REFUSED : Admittance.UNDECIDED;
            case ADMITTED -> new Admittance(true, all.filter());
            case REFUSED -> Admittance.REFUSED;
        });
    }

    /** What triggers said together. */
    private enum Verdict {
        NONE,
        ADMITTED,
        REFUSED
    }

    private record Opinion(Verdict verdict, JoinFilter filter) {

        Opinion and(Verdict other) {
            return verdict.compareTo(other) >= 0 ? this : new Opinion(other, filter);
        }
    }

    private Future<Opinion> ask(SubscriptionTriggerType.Live trigger, RawJson payload, Opinion before) {
        return condition(trigger, payload).compose(condition -> switch (condition) {
            case MET -> call(trigger.binding(), trigger.binding().functionId(), payload)
                    .map(outcome -> opinion(trigger.binding(), outcome, before));
            case NOT_MET -> Future.succeededFuture(before);
            case FAILED -> Future.succeededFuture(failClosed ? before.and(Verdict.REFUSED) : before);
        });
    }

    private Opinion opinion(Binding binding, Outcome outcome, Opinion before) {
        return switch (outcome) {
            case Outcome.Failure failure -> {
                LOG.atError()
                        .addKeyValue("function", binding.functionId())
                        .addKeyValue("code", failure.error().code())
                        .log("A join trigger failed; the join is {}", failClosed ? "refused" : "not refused for that");
                yield before.and(failClosed ? Verdict.REFUSED : Verdict.ADMITTED);
            }
            case Outcome.Success success -> {
                Map<String, RawJson> answer = new HashMap<>();
                if (success.value() != null && success.value().isObject()) {
                    success.value().forEachMember(answer::put);
                }
                String unauthorized = String.valueOf(answer.get("unauthorized"));
                boolean refused = unauthorized.equals("true") || failClosed && !unauthorized.equals("false");
                yield filtered(binding, answer.get("filter"), before.and(refused ? Verdict.REFUSED : Verdict.ADMITTED));
            }
        };
    }

    /** A filter that cannot be applied must not let anything through. */
    private static Opinion filtered(Binding binding, @Nullable RawJson filter, Opinion opinion) {
        if (filter == null || filter.isNull()) {
            return opinion;
        }
        try {
            String text = filter.text();
            return new Opinion(opinion.verdict(), opinion.filter().and(text == null ? filter.toString() : text));
        } catch (InvalidConditionException e) {
            LOG.atWarn()
                    .addKeyValue("function", binding.functionId())
                    .addKeyValue("cause", e.getMessage())
                    .log("A join trigger gave a filter that is none; the join is refused");
            return opinion.and(Verdict.REFUSED);
        }
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
                System.currentTimeMillis() + patienceMs));
    }
}
