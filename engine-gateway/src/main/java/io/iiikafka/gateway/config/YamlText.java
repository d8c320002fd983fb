package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML into {@link ConfigNode}s that know their line; placeholders are expanded. */
final class YamlText {

    private static final int MAX_DEPTH = 50;
    private static final int MAX_NODES = 100_000;

    private final String name;
    private final boolean lines;
    private final Placeholders placeholders;
    private final Problems problems;
    private int nodes;

    private YamlText(String name, boolean lines, Placeholders placeholders, Problems problems) {
        this.name = name;
        this.lines = lines;
        this.placeholders = placeholders;
        this.problems = problems;
    }

    /** Reads a file's text; null-like when it is empty. Errors are {@code name:line: …}. */
    static ConfigNode readFile(String name, String text, Placeholders placeholders, Problems problems) {
        return new YamlText(name, true, placeholders, problems).read(placeholders.hide(text));
    }

    /** Reads one value given elsewhere, for instance in an environment variable. */
    static ConfigNode readValue(String where, String text, Placeholders placeholders, Problems problems) {
        return new YamlText(where, false, placeholders, problems).read(text);
    }

    private ConfigNode read(String text) {
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.isEmpty() ? nothing() : convert(root.get(), 0);
        } catch (MarkedYamlEngineException e) {
            problems.error(where(e.getProblemMark()), "not valid YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.error(name, "not valid YAML: " + e.getMessage());
        }
        return nothing();
    }

    private ConfigNode nothing() {
        return new ConfigNode.Scalar("", false, where(Optional.empty()));
    }

    private ConfigNode convert(Node node, int depth) {
        String where = where(node.getStartMark());
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            problems.error(where, "nested too deeply, or too large");
            return nothing();
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, where);
            case SequenceNode sequence -> new ConfigNode.Sequence(
                    sequence.getValue().stream().map(item -> convert(item, depth + 1)).toList(), where);
            case MappingNode mapping -> mapping(mapping, where, depth);
            case AnchorNode anchor -> convert(anchor.getRealNode(), depth + 1);
            default -> nothing();
        };
    }

    private ConfigNode scalar(ScalarNode scalar, String where) {
        String text = placeholders.expand(scalar.getValue(), where, problems);
        boolean lone = scalar.isPlain() && Placeholders.isOne(scalar.getValue());
        if (lone && (text.startsWith("[") || text.startsWith("{"))) {
            return readValue(where, text, placeholders, problems);
        }
        return new ConfigNode.Scalar(text, !scalar.isPlain(), where);
    }

    private ConfigNode mapping(MappingNode mapping, String where, int depth) {
        List<ConfigNode.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String keyWhere = where(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.error(keyWhere, "a key must be plain text");
                continue;
            }
            String text = placeholders.expand(key.getValue(), keyWhere, problems);
            if (!keys.add(text)) {
                problems.error(keyWhere, "key '" + text + "' is given twice");
            }
            entries.add(new ConfigNode.Entry(text, convert(tuple.getValueNode(), depth + 1), keyWhere));
        }
        return new ConfigNode.Mapping(entries, where);
    }

    private String where(Optional<Mark> mark) {
        return lines ? name + ":" + (mark.map(Mark::getLine).orElse(0) + 1) : name;
    }
}
