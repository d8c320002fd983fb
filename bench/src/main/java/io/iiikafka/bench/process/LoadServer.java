package io.iiikafka.bench.process;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.bench.load.Load;

/**
 * The child's side of the conversation: a line {@code SCENARIO IN_FLIGHT MILLIS} is answered by one line of JSON after
 * {@value #REPLY}. Ends with the input, so that no child outlives the harness.
 */
public final class LoadServer {

    public static final String REPLY = "=> ";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Measures one load of one scenario; the answer becomes JSON. */
    @FunctionalInterface
    public interface Scenario {

        Object run(Load load) throws Exception;
    }

    private LoadServer() {}

    /** Says that it is ready, then serves until the input ends. */
    public static void serve(Map<String, Scenario> scenarios) throws Exception {
        reply(Map.of("ready", true));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ");
            Load load = new Load(Integer.parseInt(words[1]), Duration.ofMillis(Long.parseLong(words[2])));
            reply(requireNonNull(scenarios.get(words[0]), line).run(load));
        }
    }

    private static void reply(Object value) throws IOException {
        System.out.println(REPLY + JSON.writeValueAsString(value));
        System.out.flush();
    }
}
