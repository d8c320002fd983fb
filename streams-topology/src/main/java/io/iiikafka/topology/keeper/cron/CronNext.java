package io.iiikafka.topology.keeper.cron;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.cron.CronExpression;
import io.iiikafka.topology.cron.DayNumbers;
import io.iiikafka.topology.cron.InvalidCronException;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import io.iiikafka.topology.record.Call;

/** {@code engine::cron::next}: the next ticks of an expression, or what is wrong with it. */
final class CronNext extends CronFunction {

    private static final int MOST = 1_000;

    CronNext() {
        super(
                "engine::cron::next",
                "Check an expression and list its next ticks",
                "{\"type\":\"object\",\"properties\":{\"expression\":{\"type\":\"string\"},"
                        + "\"timezone\":{\"type\":\"string\"},\"from\":{\"type\":\"string\"},"
                        + "\"dow_numbering\":{\"type\":\"string\",\"enum\":[\"quartz\",\"unix\"]},"
                        + "\"count\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":" + MOST + "}},"
                        + "\"required\":[\"expression\"]}",
                "{\"type\":\"object\",\"properties\":{\"ticks\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                        + "\"fields_description\":{\"type\":\"object\"}}}");
    }

    /** Any partition can say so. */
    @Override
    public Placement placement(Call call) {
        return new Placement.Owner(call.invocationId());
    }

    @Override
    RawJson decide(Input input, ScheduleOperations schedules, Command command) {
        String expression = input.text("expression");
        JsonBuilder asked = JsonBuilder.object().member("expression", expression);
        String zone = input.optionalText("timezone");
        String numbering = input.optionalText("dow_numbering");
        if (zone != null) {
            asked.member("timezone", zone);
        }
        if (numbering != null) {
            asked.member("dow_numbering", numbering);
        }
        long from = input.optionalText("from") == null ? command.timestampMs() : CronBackfill.time(input, "from");
        int count = (int) input.integer("count", 1, MOST, 5);
        try {
            CronTriggerConfig config = CronTriggerConfig.parse(asked.build());
            JsonBuilder ticks = JsonBuilder.array();
            long tick = config.nextMs(from);
            for (int i = 0; i < count && tick != Timing.NEVER; i++) {
                ticks.element(CronPayload.tick(tick));
                tick = config.nextMs(tick);
            }
            return JsonBuilder.object()
                    .member("ticks", ticks.build())
                    .member("fields_description", fields(config, expression, numbering))
                    .build();
        } catch (InvalidTriggerException | InvalidCronException e) {
            throw new Refusal(ErrorCode.INVALID_ARGUMENTS, String.valueOf(e.getMessage()));
        }
    }

    private static RawJson fields(CronTriggerConfig config, String expression, @org.jspecify.annotations.Nullable String numbering)
            throws InvalidCronException {
        if (config.timing() instanceof Timing.Interval interval) {
            return RawJson.of("{\"every_ms\":" + interval.everyMs() + "}");
        }
        DayNumbers numbers = numbering == null ? null : numbering.equals("unix") ? DayNumbers.UNIX : DayNumbers.QUARTZ;
        JsonBuilder fields = JsonBuilder.object();
        CronExpression.parse(expression, numbers).described().forEach(fields::member);
        return fields.build();
    }
}
