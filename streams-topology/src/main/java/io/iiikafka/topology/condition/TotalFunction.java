package io.iiikafka.topology.condition;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.common.base.Ascii;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import org.jspecify.annotations.Nullable;

/**
 * Functions that have a result whatever they are given, so that tests of what is absent can be negated (spec: state.md
 * 12.1). In conditions they stand as functions or as methods: {@code size(x)} or {@code x.size()}.
 */
enum TotalFunction {
    /** Elements, members or characters; 0 of anything else. */
    SIZE("size", 1, SimpleType.INT, (of, none) -> size(of)),
    /** False unless both are texts, as is the next one. */
    STARTS_WITH("startsWith", 2, SimpleType.BOOL, (text, start) -> texts(text, start, String::startsWith)),
    ENDS_WITH("endsWith", 2, SimpleType.BOOL, (text, end) -> texts(text, end, String::endsWith)),
    /** Whether a list has an element, an object a member, a text a part; also what {@code in} asks. */
    CONTAINS("contains", 2, SimpleType.BOOL, TotalFunction::contains),
    /** A text in lower case; null of anything else, as are the next three. */
    LOWER("lower", 1, SimpleType.DYN, (of, none) -> text(of, text -> text.toLowerCase(Locale.ROOT))),
    UPPER("upper", 1, SimpleType.DYN, (of, none) -> text(of, text -> text.toUpperCase(Locale.ROOT))),
    /** False unless both are numbers, both texts, or both of another kind that has an order; so are the next three. */
    LESS("_<_", 2, SimpleType.BOOL, (a, b) -> Order.of(a, b) == Order.BEFORE),
    LESS_OR_SAME("_<=_", 2, SimpleType.BOOL, (a, b) -> Order.of(a, b).isBeforeOrSame()),
    GREATER("_>_", 2, SimpleType.BOOL, (a, b) -> Order.of(b, a) == Order.BEFORE),
    GREATER_OR_SAME("_>=_", 2, SimpleType.BOOL, (a, b) -> Order.of(b, a).isBeforeOrSame()),
    /** Changes the letters A to Z alone. */
    LOWER_ASCII("lowerAscii", 1, SimpleType.DYN, (of, none) -> text(of, Ascii::toLowerCase)),
    UPPER_ASCII("upperAscii", 1, SimpleType.DYN, (of, none) -> text(of, Ascii::toUpperCase));

    private final String function;
    private final int arguments;
    private final CelType result;
    private final CelFunctionOverload.Binary<Object, Object> body;

    /** @param body of a function of one argument gets that twice */
    TotalFunction(String function, int arguments, CelType result, CelFunctionOverload.Binary<Object, Object> body) {
        this.function = function;
        this.arguments = arguments;
        this.result = result;
        this.body = body;
    }

    /** Null when conditions call none so. */
    static @Nullable TotalFunction of(String function) {
        return Stream.of(values()).filter(each -> each.function.equals(function)).findAny().orElse(null);
    }

    /** Its name in what a condition is rewritten to. */
    String id() {
        return "iii_" + name().toLowerCase(Locale.ROOT);
    }

    CelFunctionDecl declaration() {
        List<CelType> types = Collections.nCopies(arguments, SimpleType.DYN);
        return CelFunctionDecl.newFunctionDeclaration(id(), CelOverloadDecl.newGlobalOverload(id(), result, types));
    }

    CelFunctionBinding binding() {
        return arguments == 1
                ? CelFunctionBinding.from(id(), Object.class, only -> body.apply(only, only))
                : CelFunctionBinding.from(id(), Object.class, Object.class, body);
    }

    private static Object texts(Object a, Object b, BiPredicate<String, String> test) {
        return a instanceof String text && b instanceof String other && test.test(text, other);
    }

    private static Object contains(Object holder, Object what) {
        return switch (holder) {
            case String text -> what instanceof String part && text.contains(part);
            case List<?> list -> list.stream().anyMatch(element -> same(element, what));
            case Map<?, ?> map -> map.containsKey(what);
            default -> false;
        };
    }

    /** As {@code ==} has it: numbers by their values, whatever their kind. */
    private static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number one && b instanceof Number other) {
            return a instanceof Double || b instanceof Double
                    ? one.doubleValue() == other.doubleValue()
                    : one.toString().equals(other.toString());
        }
        if (a instanceof List<?> one && b instanceof List<?> other) {
            return one.size() == other.size()
                    && IntStream.range(0, one.size()).allMatch(i -> same(one.get(i), other.get(i)));
        }
        if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
            return one.keySet().equals(other.keySet())
                    && one.entrySet().stream().allMatch(each -> same(each.getValue(), other.get(each.getKey())));
        }
        return Objects.equals(a, b);
    }

    private static Object text(Object of, UnaryOperator<String> change) {
        return of instanceof String text ? change.apply(text) : NullValue.NULL_VALUE;
    }

    private static Object size(Object of) {
        return switch (of) {
            case String text -> (long) text.codePointCount(0, text.length());
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            default -> 0L;
        };
    }
}
