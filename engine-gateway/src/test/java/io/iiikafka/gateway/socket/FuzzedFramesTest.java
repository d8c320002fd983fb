package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A peer's mistakes are its own: no other connection notices, and nothing is logged as our fault. */
class FuzzedFramesTest {

    private static final long SEED = Long.getLong("iii.seed", System.nanoTime());
    private static final int ROUNDS = 400;

    private static final String[] FRAMES = {
        "{\"type\":\"registerfunction\",\"id\":\"f\",\"description\":\"d\",\"request_format\":{\"a\":[1,2,{}]}}",
        "{\"type\":\"invokefunction\",\"invocation_id\":\"6f1b7f0e-0000-4000-8000-000000000000\",\"function_id\":\"f\","
                + "\"data\":{\"a\":[1.5e3,true,null,\"\\u00e9\"]},\"action\":{\"type\":\"void\"}}",
        "{\"type\":\"invocationresult\",\"invocation_id\":\"x\",\"function_id\":\"f\",\"error\":{\"code\":\"c\"}}",
        "{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"http\",\"function_id\":\"f\",\"config\":{}}",
        "{\"type\":\"reattach\",\"previous_worker_id\":\"x\",\"reattach_token\":\"y\"}",
        "{\"type\":\"triggerregistrationresult\",\"id\":\"t\",\"trigger_type\":\"http\",\"function_id\":\"f\"}"
    };

    private static final List<String> LISTS = List.of(
            "engine::functions::list",
            "engine::workers::list",
            "engine::triggers::list",
            "engine::registered-triggers::list",
            "engine::trigger-types::list");

    private static TestEngine engine;
    private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        LOGGED.start();
        root().addAppender(LOGGED);
    }

    @AfterAll
    static void stop() {
        root().detachAppender(LOGGED);
        engine.close();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static void assertUnharmed(RawWorker callee, RawWorker caller, String after) {
        String id = caller.start("bystander::f", "1");
        callee.answer(callee.next("invokefunction"), "2");
        assertThat(caller.awaitResult(id).get("result").intValue()).as(after).isEqualTo(2);
        List<ILoggingEvent> errors = LOGGED.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                .filter(event -> !event.getLoggerName().startsWith("org.apache.kafka")) // its clients may meet a stall
                .toList();
        assertThat(errors).as("%s, seed %d", after, SEED).isEmpty();
    }

    @Test
    void shouldSurviveMutatedFrames() {
        Random random = new Random(SEED);
        try (RawWorker callee = engine.worker("bystander").serve("bystander::f");
                RawWorker caller = engine.worker("caller")) {
            RawWorker fuzzer = engine.worker("fuzzer");
            for (int i = 0; i < ROUNDS; i++) {
                byte[] mutated = mutate(FRAMES[random.nextInt(FRAMES.length)], random);
                fuzzer.sendBinary(mutated);
                if (!fuzzer.isOpen()) {
                    fuzzer = engine.worker("fuzzer");
                }
            }
            fuzzer.send("{\"type\":\"ping\"}").next("pong");
            assertUnharmed(callee, caller, "mutated frames");
            fuzzer.close();
        }
    }

    private static byte[] mutate(String frame, Random random) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            case 2 -> {
                int from = random.nextInt(bytes.length);
                int to = from + random.nextInt(bytes.length - from);
                ByteArrayOutputStream twice = new ByteArrayOutputStream();
                twice.writeBytes(bytes);
                twice.write(bytes, from, to - from);
                bytes = twice.toByteArray();
            }
            default -> {
                for (int i = 0; i < 3; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return bytes;
    }

    @Test
    void shouldSurviveMonstrousFrames() {
        List<String> monsters = new ArrayList<>(List.of(
                "[".repeat(200_000),
                "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"data\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "{\"type\":\"registerfunction\",\"id\":\"" + "x".repeat(10_000_000) + "\"}",
                "{\"type\":\"invokefunction\",\"invocation_id\":\"" + "y".repeat(10_000_000) + "\",\"function_id\":\"f\"}",
                "{\"type\":\"registerfunction\",\"id\":\"a\",\"id\":\"b\",\"type\":\"ping\"}",
                "{\"type\":\"registertrigger\",\"id\":\"\",\"trigger_type\":\"\",\"function_id\":\"\",\"config\":null}",
                "{\"type\":\"invokefunction\",\"invocation_id\":\"i\",\"function_id\":\"f\",\"data\":1e" + "9".repeat(4_000) + "}",
                engineCall("engine::functions::list", "{\"n\":" + "9".repeat(2_000) + "}"),
                engineCall("engine::workers::register", "{\"" + "k".repeat(100_000) + "\":\"\\ud800\"}"),
                engineCall("engine::workers::register", "{\"name\":\"\\ud800\",\"pid\":1e999,\"telemetry\":{\"n\":1e-99999999999}}"),
                engineCall("engine::register_trigger", deepRoute("state")),
                engineCall("engine::register_trigger", deepRoute("http")),
                "{\"type\":\"registertrigger\",\"id\":\"deep\"," + deepRoute("http").substring(1),
                "{\"type\":\"registertrigger\",\"id\":\"\\ud800\",\"trigger_type\":\"\\udc00\",\"function_id\":\"\\u0000\","
                        + "\"config\":{\"n\":-1e-99999999999,\"m\":" + "9".repeat(1_000) + "}}"));
        try (RawWorker callee = engine.worker("bystander").serve("bystander::f");
                RawWorker caller = engine.worker("caller")) {
            for (String monster : monsters) {
                try (RawWorker peer = engine.worker("peer-" + UUID.randomUUID())) {
                    peer.send(monster);
                    peer.send("{\"type\":\"ping\"}").next("pong");
                    assertThat(peer.call("engine::triggers::info", "{\"id\":\"http\"}").has("result")).isTrue();
                }
                try (RawWorker newcomer = engine.worker("newcomer").serve("newcomer::f")) {
                    for (String list : LISTS) {
                        assertThat(newcomer.call(list, "{}").has("result")).as("%s after %.60s", list, monster).isTrue();
                    }
                }
                assertUnharmed(callee, caller, monster.substring(0, Math.min(60, monster.length())));
            }
        }
    }

    private static String engineCall(String function, String data) {
        return "{\"type\":\"invokefunction\",\"invocation_id\":\"i\",\"function_id\":\"" + function + "\",\"data\":" + data
                + "}";
    }

    /** Walked by recursion, it would overflow the stack of whoever reads the catalog. */
    private static String deepRoute(String type) {
        return "{\"trigger_type\":\"" + type + "\",\"function_id\":\"f\",\"config\":{\"api_path\":\"" + "/x".repeat(200_000)
                + "\",\"condition\":\"" + "!".repeat(4_000) + "a\"}}";
    }

    @Test
    void shouldSurviveBrokenWebSocketFraming() throws Exception {
        byte[] invalidUtf8 = {(byte) 0xC3, (byte) 0x28, (byte) 0xFF};
        byte[][] broken = {
            RawSocket.frame(0x81, true, invalidUtf8), // text that is not UTF-8
            RawSocket.frame(0x81, false, "{}".getBytes(StandardCharsets.UTF_8)), // not masked
            RawSocket.frame(0xF1, true, "{}".getBytes(StandardCharsets.UTF_8)), // reserved bits
            RawSocket.frame(0x83, true, "{}".getBytes(StandardCharsets.UTF_8)), // reserved opcode
            RawSocket.frame(0x80, true, "{}".getBytes(StandardCharsets.UTF_8)), // continuation of nothing
            RawSocket.frame(0x88, true, new byte[] {1}), // close frame with half a code
            RawSocket.frame(0x09, true, "fragmented ping".getBytes(StandardCharsets.UTF_8)),
            {(byte) 0x81, (byte) 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, // 2^62 bytes announced
            "GET / HTTP/1.1\r\n".getBytes(StandardCharsets.UTF_8)
        };
        try (RawWorker callee = engine.worker("bystander").serve("bystander::f");
                RawWorker caller = engine.worker("caller")) {
            for (byte[] bytes : broken) {
                try (RawSocket peer = RawSocket.upgrade(engine.gateway().port(), "/")) {
                    peer.write(bytes);
                }
                assertUnharmed(callee, caller, "framing " + bytes[0]);
            }
        }
    }
}
