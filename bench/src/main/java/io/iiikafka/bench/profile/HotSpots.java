package io.iiikafka.bench.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** Counts a recording's samples: by thread group (names without their numbers), there by method. */
final class HotSpots {

    private static final Set<String> SAMPLES = Set.of("jdk.CPUTimeSample", "jdk.ExecutionSample");
    private static final int SHOWN_OWN = 12;
    private static final int SHOWN_INCLUSIVE = 25;

    private final Map<String, Group> groups = new TreeMap<>();
    private int samples;

    private static final class Group {

        private int samples;
        private final Map<String, Integer> own = new HashMap<>();
        private final Map<String, Integer> inclusive = new HashMap<>();
    }

    static HotSpots read(Path recording) throws IOException {
        HotSpots spots = new HotSpots();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (SAMPLES.contains(event.getEventType().getName())) {
                    spots.add(event);
                }
            }
        }
        return spots;
    }

    private void add(RecordedEvent event) {
        RecordedThread thread = event.getThread(event.hasField("eventThread") ? "eventThread" : "sampledThread");
        String name = thread == null || thread.getJavaName() == null ? "(no Java thread)" : thread.getJavaName();
        Group group = groups.computeIfAbsent(name.replaceAll("\\d+", "#"), ignored -> new Group());
        samples++;
        group.samples++;
        if (event.getStackTrace() == null || event.getStackTrace().getFrames().isEmpty()) {
            group.own.merge("(no stack)", 1, Integer::sum);
            return;
        }
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        group.own.merge(name(frames.getFirst()), 1, Integer::sum);
        Set<String> once = new HashSet<>();
        for (RecordedFrame frame : frames) {
            if (once.add(name(frame))) {
                group.inclusive.merge(name(frame), 1, Integer::sum);
            }
        }
    }

    private static String name(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        groups.entrySet().stream()
                .sorted((one, other) -> other.getValue().samples - one.getValue().samples)
                .limit(12)
                .forEach(entry -> {
                    Group group = entry.getValue();
                    text.append("%n%5.1f %% of all samples: %s%n".formatted(
                            100.0 * group.samples / samples, entry.getKey()));
                    show(text, "own", group.own, group.samples, SHOWN_OWN);
                    show(text, "with callees", group.inclusive, group.samples, SHOWN_INCLUSIVE);
                });
        return text.toString();
    }

    private static void show(StringBuilder text, String title, Map<String, Integer> counts, int of, int most) {
        text.append("  ").append(title).append('\n');
        counts.entrySet().stream()
                .sorted((one, other) -> other.getValue() - one.getValue())
                .limit(most)
                .filter(entry -> entry.getValue() * 100 >= of)
                .forEach(entry -> text.append(
                        "    %5.1f %%  %s%n".formatted(100.0 * entry.getValue() / of, entry.getKey())));
    }
}
