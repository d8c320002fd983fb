package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FrameWriterTest {

    @Test
    void shouldWriteReadableFramesInAStableOrder() {
        assertThat(text(FrameWriter.write(new Frame.InvokeFunction(
                        null, "math::add", null, null, null, new Action.Enqueue("pay \"now\""), null, "blue"))))
                .isEqualTo("{\"type\":\"invokefunction\",\"function_id\":\"math::add\",\"data\":null,"
                        + "\"action\":{\"type\":\"enqueue\",\"queue\":\"pay \\\"now\\\"\"},\"namespace\":\"blue\"}");
        assertThat(text(FrameWriter.write(new Frame.InvocationResult(
                        "i", "f", null, new ErrorBody("invocation_failed", "no\nway"), "00-a", "k=v"))))
                .isEqualTo("{\"type\":\"invocationresult\",\"invocation_id\":\"i\",\"function_id\":\"f\","
                        + "\"error\":{\"code\":\"invocation_failed\",\"message\":\"no\\nway\"},"
                        + "\"traceparent\":\"00-a\",\"baggage\":\"k=v\"}");
        assertThat(text(FrameWriter.write(new Frame.Ping()))).isEqualTo("{\"type\":\"ping\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{}                                             | {\"_caller_worker_id\":\"w\"}",
        "{ \t  }                                         | {\"_caller_worker_id\":\"w\"}",
        "{\"b\":1e400, \"a\":2 }                        | {\"b\":1e400, \"a\":2,\"_caller_worker_id\":\"w\"}",
        "{\"_caller_worker_id\":\"x\"}                  | {\"_caller_worker_id\":\"w\"}",
        "{\"\\u005fcaller_worker_id\":\"x\", \"a\": 1}  | {\"a\": 1,\"_caller_worker_id\":\"w\"}",
        "{\"a\":\"\\n\",\"_caller_worker_id\":{},\"b\":2} | {\"a\":\"\\n\",\"b\":2,\"_caller_worker_id\":\"w\"}",
        "{\"a\":{\"_caller_worker_id\":1}}              | {\"a\":{\"_caller_worker_id\":1},\"_caller_worker_id\":\"w\"}",
        "[1]                                            | [1]",
        "\"text\"                                       | \"text\"",
        "null                                           | null",
    })
    void shouldStampTheCallerWhenThePayloadIsAnObject(String payload, String stamped) {
        assertThat(text(invocation(RawJson.of(payload), "w")))
                .isEqualTo("{\"type\":\"invokefunction\",\"invocation_id\":\"i\",\"function_id\":\"f\",\"data\":" + stamped + "}");
    }

    @Test
    void shouldWriteNullDataAndLeaveObjectsAloneWithoutCaller() {
        assertThat(text(invocation(null, "w"))).endsWith("\"data\":null}");
        assertThat(text(invocation(RawJson.of("{ }"), null))).endsWith("\"data\":{ }}");
    }

    @Test
    void shouldStampASliceOfALargerArray() {
        byte[] message = "[{\"a\":1}]".getBytes(StandardCharsets.US_ASCII);

        assertThat(text(invocation(RawJson.slice(message, 1, 7), "w")))
                .endsWith("\"data\":{\"a\":1,\"_caller_worker_id\":\"w\"}}");
    }

    @Test
    void shouldWriteLargeFramesAndSmallOnesAfterThem() throws Exception {
        String text = "é😀\"\\x".repeat(300_000);
        RawJson large = RawJson.ofValue(text);

        Frame.InvokeFunction read = (Frame.InvokeFunction) FrameReader.read(invocation(large, "w"));

        assertThat(read.data()).isEqualTo(large);
        assertThat(text(invocation(RawJson.of("1"), null))).endsWith("\"data\":1}");
    }

    private static byte[] invocation(@Nullable RawJson data, @Nullable String caller) {
        return FrameWriter.writeInvocation("i", "f", data, caller, null, null, null);
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
