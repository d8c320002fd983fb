package io.iiikafka.topology.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.RawJson;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random operations on random values come to the same as in {@link UpdateModel}. */
class UpdateModelTest {

    /** An operation before it is written down. */
    record Step(String type, List<String> path, Object operand) {

        JsonNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", type);
            boolean walks = type.equals("merge") || type.equals("append");
            if (path.size() > 1 || walks && !path.isEmpty()) {
                path.forEach(json.withArray("path")::add);
            } else {
                json.put("path", path.isEmpty() ? "" : path.get(0));
            }
            if (!type.equals("remove")) {
                json.set(type.endsWith("crement") ? "by" : "value", json(operand));
            }
            return json;
        }
    }

    @Property(tries = 10_000)
    void shouldComeToTheSameAsTheModel(@ForAll("starts") Object start, @ForAll("operations") List<Step> steps)
            throws MalformedOperationException {
        UpdateModel model = new UpdateModel(copy(start));
        steps.forEach(step -> model.apply(step.type(), step.path(), copy(step.operand())));
        JsonNode before = start == UpdateModel.MISSING ? null : reread(json(start));
        JsonNode written = JsonNodeFactory.instance.arrayNode().addAll(steps.stream().map(Step::toJson).toList());

        Update.Result result = Update.apply(before, OperationReader.read(reread(written)), false);

        assertThat(plain(reread(result.value()))).isEqualTo(model.result());
        assertThat(result.errors().stream().map(error -> error.operation() + " " + error.code()))
                .isEqualTo(model.errors);
    }

    private static JsonNode reread(JsonNode node) {
        RawJson written = JsonTree.write(node);
        return JsonTree.read(written);
    }

    @Provide
    Arbitrary<Object> starts() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(1, Arbitraries.just(UpdateModel.MISSING)),
                net.jqwik.api.Tuple.of(2, value(0)),
                net.jqwik.api.Tuple.of(4, objects(2)));
    }

    @Provide
    Arbitrary<List<Step>> operations() {
        Arbitrary<List<String>> names = name().list().ofMaxSize(1);
        Arbitrary<List<String>> paths = name().list().ofMaxSize(3);
        Arbitrary<Step> step = Arbitraries.oneOf(
                Combinators.combine(Arbitraries.just("set"), names, value(2)).as(Step::new),
                Combinators.combine(Arbitraries.just("remove"), names, value(0)).as(Step::new),
                Combinators.combine(Arbitraries.just("merge"), paths, Arbitraries.oneOf(objects(1), value(1))).as(Step::new),
                Combinators.combine(Arbitraries.just("append"), paths, value(2)).as(Step::new),
                Combinators.combine(Arbitraries.of("increment", "decrement"), names, amount()).as(Step::new));
        return step.list().ofMaxSize(8);
    }

    private static Arbitrary<String> name() {
        return Arbitraries.of("a", "b", "a.b");
    }

    private static Arbitrary<Object> amount() {
        return Arbitraries.of(0L, 1L, -1L, 7L, Long.MAX_VALUE, Long.MIN_VALUE).map(BigInteger::valueOf);
    }

    private static Arbitrary<Object> value(int depth) {
        Arbitrary<Object> scalar = Arbitraries.of(
                        "x",
                        "",
                        true,
                        BigInteger.ZERO,
                        BigInteger.TEN,
                        BigInteger.valueOf(Long.MAX_VALUE),
                        new BigInteger("18446744073709551615"),
                        1.5,
                        -2.0)
                .map(each -> (Object) each)
                .injectNull(0.15);
        return depth == 0
                ? scalar
                : Arbitraries.oneOf(scalar, objects(depth), value(depth - 1).list().ofMaxSize(2).map(each -> (Object) each));
    }

    private static Arbitrary<Object> objects(int depth) {
        return Arbitraries.maps(name(), value(Math.max(0, depth - 1))).ofMaxSize(3).map(each -> (Object) each);
    }

    private static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new HashMap<>();
                map.forEach((key, member) -> copy.put((String) key, copy(member)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(element -> copy.add(copy(element)));
                yield copy;
            }
            case null -> null;
            default -> value;
        };
    }

    private static JsonNode json(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case null -> NullNode.instance;
            case String text -> nodes.textNode(text);
            case Boolean flag -> nodes.booleanNode(flag);
            case BigInteger number -> BigIntegerNode.valueOf(number);
            case Double number -> DoubleNode.valueOf(number);
            case List<?> list -> nodes.arrayNode().addAll(list.stream().map(UpdateModelTest::json).toList());
            case Map<?, ?> map -> {
                ObjectNode object = nodes.objectNode();
                map.forEach((key, member) -> object.set((String) key, json(member)));
                yield object;
            }
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> object = new HashMap<>();
            node.properties().forEach(member -> object.put(member.getKey(), plain(member.getValue())));
            return object;
        }
        if (node.isArray()) {
            List<Object> array = new ArrayList<>();
            node.forEach(element -> array.add(plain(element)));
            return array;
        }
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return node.isNull() ? null : node.isBoolean() ? (Object) node.booleanValue() : node.textValue();
    }
}
