package io.iiikafka.sdk.protocol;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random frames and JSON texts. */
final class Frames {

    private Frames() {}

    static Arbitrary<String> ids() {
        return Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12).map(name -> "svc::" + name),
                Arbitraries.strings().all().ofMinLength(1).ofMaxLength(20),
                Arbitraries.of("stream::get(<my stream>)", "a\"b\\c\n\t\r\b\f\u0000", "naïve::日本::😀", "\ud83d", "\ude00x"));
    }

    /** JSON texts whose spelling a careless round trip would change. */
    static Arbitrary<RawJson> payloads() {
        return jsonTexts(3).map(RawJson::of).filter(json -> !json.isNull());
    }

    static Arbitrary<String> jsonTexts(int depth) {
        Arbitrary<String> scalars = Arbitraries.oneOf(
                Arbitraries.of(
                        "1e400", "-0.0", "0", "1E+2", "123456789012345678901234567890", "-9223372036854775809",
                        "1.10", "true", "false", "\"\"", "\"\\u00e9\\/\\ud83d\\ude00\"", "\"é日😀\"", "\"\\ud800\""),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.strings().all().ofMaxLength(12).map(Frames::quoted));
        if (depth == 0) {
            return scalars;
        }
        Arbitrary<String> inner = jsonTexts(depth - 1);
        Arbitrary<String> space = Arbitraries.of("", "", " ", "\n\t", "\r\n");
        Arbitrary<String> keys = Arbitraries.oneOf(
                Arbitraries.of("type", "data", "a", "_caller_worker_id", "\\u005fcaller_worker_id", "ключ", ""),
                Arbitraries.strings().alpha().ofMaxLength(5));
        Arbitrary<String> members = Combinators.combine(keys, space, inner)
                .as((key, gap, value) -> '"' + key + '"' + gap + ':' + gap + value);
        Arbitrary<String> objects = members.list().ofMaxSize(4).flatMap(
                list -> space.map(gap -> "{" + gap + String.join(gap + "," + gap, list) + gap + "}"));
        Arbitrary<String> arrays = inner.list().ofMaxSize(4).flatMap(
                list -> space.map(gap -> "[" + gap + String.join("," + gap, list) + gap + "]"));
        return Arbitraries.oneOf(scalars, objects, arrays);
    }

    private static String quoted(String text) {
        return RawJson.ofValue(text.replaceAll("[\ud800-\udfff]", "?")).toString();
    }

    static Arbitrary<ErrorBody> errors() {
        return Combinators.combine(ids(), ids(), ids().injectNull(0.5)).as(ErrorBody::new);
    }

    static Arbitrary<Action> actions() {
        return Arbitraries.oneOf(
                Arbitraries.of(Action.SYNC, Action.VOID), ids().map(queue -> (Action) new Action.Enqueue(queue)));
    }

    static Arbitrary<Frame> all() {
        Arbitrary<String> id = ids();
        Arbitrary<String> optional = ids().injectNull(0.5);
        Arbitrary<RawJson> payload = payloads();
        Arbitrary<RawJson> perhaps = payloads().injectNull(0.5);
        return Arbitraries.oneOf(
                Combinators.combine(optional, id, perhaps, optional, optional, actions(), perhaps, optional)
                        .as(Frame.InvokeFunction::new),
                Combinators.combine(id, id, perhaps, errors().injectNull(0.5), optional, optional)
                        .as(Frame.InvocationResult::new),
                Combinators.combine(id, optional, perhaps, perhaps, perhaps, perhaps).as(Frame.RegisterFunction::new),
                id.map(Frame.UnregisterFunction::new),
                Combinators.combine(id, id, perhaps, perhaps, optional).as(Frame.RegisterTriggerType::new),
                id.map(Frame.UnregisterTriggerType::new),
                Combinators.combine(id, id, id, payload, perhaps, optional, optional).as(Frame.RegisterTrigger::new),
                Combinators.combine(id, optional, optional, perhaps, perhaps, optional)
                        .as(Frame.UnregisterTrigger::new),
                Combinators.combine(id, id, id, errors().injectNull(0.5)).as(Frame.TriggerRegistrationResult::new),
                Combinators.combine(id, optional, optional, optional).as(Frame.RegisterService::new),
                Combinators.combine(id, optional).as(Frame.WorkerRegistered::new),
                Combinators.combine(optional, optional).as(Frame.Reattach::new),
                Combinators.combine(id, id, optional, optional, id).as(Frame.RegistrationRejected::new),
                errors().map(Frame.ErrorFrame::new),
                Arbitraries.of(new Frame.Ping(), new Frame.Pong()));
    }
}
