package io.iiikafka.topology.update;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations once more, on plain maps, lists and numbers, written from the tables of the spec alone. A missing key
 * is {@link #MISSING}; integers are {@link BigInteger}, floats {@link Double}.
 */
final class UpdateModel {

    static final Object MISSING = new Object();

    private static final BigInteger LOWEST = new BigInteger("-9223372036854775808");
    private static final BigInteger HIGHEST = new BigInteger("18446744073709551615");

    Object value;
    final List<String> errors = new ArrayList<>();
    private int index;

    UpdateModel(Object value) {
        this.value = value;
    }

    /** @param path null: none given */
    void apply(String type, List<String> path, Object operand) {
        boolean wasMissing = value == MISSING;
        if (wasMissing) {
            value = new HashMap<>();
        }
        String failure = switch (type) {
            case "set" -> set(path, operand);
            case "remove" -> remove(path);
            case "merge" -> merge(path, operand);
            case "append" -> append(path, operand, wasMissing);
            case "increment" -> add(path, (BigInteger) operand, wasMissing);
            default -> add(path, ((BigInteger) operand).negate(), wasMissing);
        };
        if (failure != null) {
            errors.add(index + " " + type + "." + failure);
            if (wasMissing) {
                value = MISSING;
            }
        }
        index++;
    }

    Object result() {
        return value == MISSING ? new HashMap<>() : value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private String set(List<String> path, Object operand) {
        if (path.isEmpty()) {
            value = operand;
        } else if (value instanceof Map) {
            map(value).put(path.get(0), operand);
        } else {
            return "target_not_object";
        }
        return null;
    }

    private String remove(List<String> path) {
        if (path.isEmpty()) {
            value = null;
        } else if (value instanceof Map) {
            map(value).remove(path.get(0));
        } else {
            return "target_not_object";
        }
        return null;
    }

    private String merge(List<String> path, Object operand) {
        if (!(operand instanceof Map)) {
            return "value.not_an_object";
        }
        if (path.isEmpty()) {
            if (value instanceof Map) {
                map(value).putAll(map(operand));
            }
            return null;
        }
        if (!(value instanceof Map)) {
            value = new HashMap<String, Object>();
        }
        Map<String, Object> at = map(value);
        for (String segment : path) {
            Object next = at.get(segment);
            if (!(next instanceof Map)) {
                next = new HashMap<String, Object>();
                at.put(segment, next);
            }
            at = map(next);
        }
        at.putAll(map(operand));
        return null;
    }

    private String append(List<String> path, Object operand, boolean wasMissing) {
        if (path.isEmpty()) {
            Object[] slot = {wasMissing ? null : value};
            String failure = appendTo(slot, operand);
            value = failure == null ? slot[0] : value;
            return failure;
        }
        if (!(value instanceof Map)) {
            return "target_not_object";
        }
        Map<String, Object> at = map(value);
        for (String segment : path.subList(0, path.size() - 1)) {
            Object next = at.get(segment);
            if (!(next instanceof Map)) {
                next = new HashMap<String, Object>();
                at.put(segment, next);
            }
            at = map(next);
        }
        String last = path.get(path.size() - 1);
        if (path.size() > 1 && !at.containsKey(last)) {
            at.put(last, new ArrayList<>(java.util.Arrays.asList(operand)));
            return null;
        }
        Object[] slot = {at.get(last)};
        String failure = appendTo(slot, operand);
        if (failure == null) {
            at.put(last, slot[0]);
        }
        return failure;
    }

    private static String appendTo(Object[] slot, Object operand) {
        if (slot[0] == null) {
            slot[0] = operand instanceof String ? operand : new ArrayList<>(java.util.Arrays.asList(operand));
        } else if (slot[0] instanceof List<?> list) {
            List<Object> longer = new ArrayList<>(list);
            longer.add(operand);
            slot[0] = longer;
        } else if (slot[0] instanceof String text && operand instanceof String more) {
            slot[0] = text + more;
        } else {
            return "type_mismatch";
        }
        return null;
    }

    private String add(List<String> path, BigInteger amount, boolean wasMissing) {
        if (path.isEmpty()) {
            Object sum = wasMissing ? amount : sum(value, amount);
            value = sum == null ? value : sum;
            return sum == null ? "not_number" : null;
        }
        if (!(value instanceof Map)) {
            return "target_not_object";
        }
        String name = path.get(0);
        Object sum = map(value).containsKey(name) ? sum(map(value).get(name), amount) : amount;
        if (sum == null) {
            return "not_number";
        }
        map(value).put(name, sum);
        return null;
    }

    private static Object sum(Object target, BigInteger amount) {
        if (target instanceof Double number) {
            return number + amount.doubleValue();
        }
        if (target instanceof BigInteger number) {
            BigInteger sum = number.add(amount);
            return sum.compareTo(LOWEST) < 0 || sum.compareTo(HIGHEST) > 0 ? null : sum;
        }
        return null;
    }
}
