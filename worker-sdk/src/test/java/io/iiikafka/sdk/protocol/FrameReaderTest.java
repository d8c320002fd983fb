package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class FrameReaderTest {

    @Test
    void shouldFindTypeAndPayloadWhereverTheyStand() throws Exception {
        Frame frame = FrameReader.read(
                " {\"ключ\":\"日本\",\"data\": { \"b\":1e400,\n\"a\":[12345678901234567890] } ,\"function_id\":\"f\",\"type\":\"invokefunction\"} ");

        assertThat(frame).isInstanceOfSatisfying(Frame.InvokeFunction.class, call -> {
            assertThat(call.data()).hasToString("{ \"b\":1e400,\n\"a\":[12345678901234567890] }");
            assertThat(call.invocationId()).isNull();
            assertThat(call.action()).isEqualTo(Action.SYNC);
        });
    }

    @Test
    void shouldNotKeepALargeMessageForASmallPartOfIt() throws Exception {
        byte[] large = call(10, 100_000).getBytes(StandardCharsets.UTF_8);
        RawJson part = ((Frame.InvokeFunction) FrameReader.read(large)).data();
        assertThat(part).hasToString("\"" + "d".repeat(10) + "\"");
        assertThat(part.array()).hasSize(12);

        for (String other : new String[] {call(100_000, 10), call(10, 1_000)}) {
            byte[] message = other.getBytes(StandardCharsets.UTF_8);
            RawJson most = ((Frame.InvokeFunction) FrameReader.read(message)).data();
            assertThat(most.array()).as("it is not copied").isSameAs(message);
        }
    }

    private static String call(int data, int unknown) {
        return "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"data\":\"" + "d".repeat(data) + "\",\"x\":\""
                + "x".repeat(unknown) + "\"}";
    }

    @Test
    void shouldTakeNullForAbsentWhenOptional() throws Exception {
        assertThat(FrameReader.read(
                        "{\"type\":\"invokefunction\",\"invocation_id\":null,\"function_id\":\"f\",\"data\":null,"
                                + "\"action\":null,\"metadata\":null,\"namespace\":null,\"traceparent\":null,\"baggage\":null}"))
                .isEqualTo(new Frame.InvokeFunction(null, "f", null, null, null, Action.SYNC, null, null));
        assertThat(FrameReader.read(
                        "{\"type\":\"invocationresult\",\"invocation_id\":\"i\",\"function_id\":\"f\",\"result\":null,\"error\":null}"))
                .isEqualTo(new Frame.InvocationResult("i", "f", null, null, null, null));
        assertThat(FrameReader.read(
                        "{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"cron\",\"function_id\":\"f\",\"config\":null}"))
                .isEqualTo(new Frame.RegisterTrigger("t", "cron", "f", RawJson.EMPTY_OBJECT, null, null, null));
        assertThat(FrameReader.read("{\"type\":\"registertriggertype\",\"id\":\"t\"}"))
                .isEqualTo(new Frame.RegisterTriggerType("t", "", null, null, null));
    }

    @Test
    void shouldLetTheLastOfEqualKeysCount() throws Exception {
        assertThat(FrameReader.read("{\"type\":\"ping\",\"type\":\"unregisterfunction\",\"id\":\"a\",\"\\u0069d\":\"b\"}"))
                .isEqualTo(new Frame.UnregisterFunction("b"));
    }

    @Test
    void shouldUnescapeIds() throws Exception {
        assertThat(FrameReader.read("{\"type\":\"unregisterfunction\",\"id\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9é\\ud83d\\ude00\"}"))
                .isEqualTo(new Frame.UnregisterFunction("a\"\\/\b\f\n\r\téé😀"));
    }

    @Test
    void shouldTolerateAnErrorWithoutMessage() throws Exception {
        assertThat(FrameReader.read("{\"type\":\"error\",\"error\":{\"code\":\"AUTH_ERROR\"}}"))
                .isEqualTo(new Frame.ErrorFrame(new ErrorBody("AUTH_ERROR", "")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"type\":\"invokefunction\",\"function_id\":7}             | invokefunction: `function_id` must be a string",
        "{\"type\":\"invokefunction\"}                               | invokefunction: `function_id` is missing",
        "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"invocation_id\":\"\"} | `invocation_id` is empty",
        "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"action\":\"void\"} | `action` must be an object",
        "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"action\":{\"type\":\"later\"}} | `action.type` is unknown: later",
        "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"action\":{\"type\":\"enqueue\"}} | `action.queue` is missing",
        "{\"type\":\"invocationresult\",\"function_id\":\"f\"}       | invocationresult: `invocation_id` is missing",
        "{\"type\":\"error\"}                                        | error: `error` is missing",
        "{\"type\":\"hello\"}                                        | hello: unknown frame type",
        "{\"id\":\"x\"}                                              | `type` is missing",
        "{\"type\":null}                                             | `type` is missing",
        "{\"type\":[]}                                               | `type` must be a string",
        "[]                                                          | expected an object at byte 0",
        "{\"type\":\"ping\"} x                                       | expected the end of the message at byte 16",
        "{\"type\":\"ping\"                                          | but the message ends",
        "{\"type\":\"ping\",\"x\":'a'}                               | expected a value at byte 19",
    })
    void shouldNameTheCulpritWhenRefusing(String message, String complaint) {
        assertThatExceptionOfType(InvalidFrameException.class)
                .isThrownBy(() -> FrameReader.read(message))
                .withMessageContaining(complaint);
    }

    @Test
    void shouldTellWhichCallWasUnreadable() {
        InvalidFrameException e = catchThrowableOfType(
                InvalidFrameException.class,
                () -> FrameReader.read(
                        "{\"type\":\"invokefunction\",\"invocation_id\":\"i1\",\"function_id\":\"f\",\"data\":{broken}}"));

        assertThat(e.type()).isEqualTo("invokefunction");
        assertThat(e.invocationId()).isEqualTo("i1");
        assertThat(e.functionId()).isEqualTo("f");
        assertThat(e.getStackTrace()).isEmpty();
    }

    @Test
    void shouldTellNothingThatIsNotSensible() {
        InvalidFrameException e = catchThrowableOfType(
                InvalidFrameException.class,
                () -> FrameReader.read("{\"type\":\"invokefunction\",\"invocation_id\":\"" + "x".repeat(10_000_000)
                        + "\",\"function_id\":{}}"));

        assertThat(e.getMessage()).hasSizeLessThan(200).contains("invocation_id");
        assertThat(e.invocationId()).isNull();
        assertThat(e.functionId()).isNull();
    }

    @Test
    void shouldLimitNestingTo128IncludingTheFrame() throws Exception {
        assertThat(FrameReader.read(nested(127))).isInstanceOf(Frame.Ping.class);
        for (int depth : new int[] {128, 129, 1_000_000}) {
            assertThatExceptionOfType(InvalidFrameException.class)
                    .isThrownBy(() -> FrameReader.read(nested(depth)))
                    .withMessageContaining("nested deeper than 128");
        }
    }

    @Test
    void shouldTakeNumbersAndKeysThatItsTreesTakeToo() throws Exception {
        String longest = "{\"" + "k".repeat(100_000) + "\":-" + "9".repeat(999) + "}";
        RawJson data = ((Frame.InvokeFunction) FrameReader.read(
                        "{\"type\":\"invokefunction\",\"function_id\":\"f\",\"data\":" + longest + "}"))
                .data();

        assertThat(data.toTree().toString()).isEqualTo(longest);
        assertThatExceptionOfType(InvalidFrameException.class)
                .isThrownBy(() -> FrameReader.read("{\"type\":\"ping\",\"x\":[" + "9".repeat(1_001) + "]}"))
                .withMessageContaining("a number of more than 1000 characters at byte 20");
    }

    private static String nested(int depth) {
        return "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + ",\"type\":\"ping\"}";
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0", "-0", "1.5e+10", "1E-2", "\"\"", "\"\\ud800\"", "\"\u007f\"", "\"\u2028\"", "[]", "[ 1 , 2 ]", "{\"a\":{}}",
        "{\"\":0}", "{\"a\":1,\"a\":2}", "null", "true", "false", "\"\\u0000\"", "[[[[]]]]", "-1e9999", "\"\uffff\"",
    })
    void shouldAcceptValidJson(String value) throws Exception {
        assertThat(FrameReader.read("{\"type\":\"ping\",\"x\":" + value + "}")).isInstanceOf(Frame.Ping.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "00", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "-Infinity", "tru", "TRUE", "nul",
        "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\", "\"\n\"", "\"\u0000\"", "[1,]", "[,1]", "[1 2]",
        "[", "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{\"a\" 1}", "1 /* c */", "// c", "{\"a\":1 \"b\":2}",
        "\u00a01", "\ufeff1", "[}", "{]", "1 2", "\"a\"\"b\"", "[1}",
    })
    void shouldRefuseInvalidJson(String value) {
        assertThatExceptionOfType(InvalidFrameException.class)
                .isThrownBy(() -> FrameReader.read("{\"type\":\"ping\",\"x\":" + value + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "C0AF", "C1BF", "E080AF", "EDA080", "EDBFBF", "F08080AF", "F4908080", "F5808080", "FF", "C3", "E282", "F09F98"})
    void shouldRefuseInvalidUtf8(String hex) {
        byte[] head = "{\"type\":\"ping\",\"x\":\"".getBytes(StandardCharsets.US_ASCII);
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] message = Arrays.copyOf(head, head.length + bad.length + 2);
        System.arraycopy(bad, 0, message, head.length, bad.length);
        message[message.length - 2] = '"';
        message[message.length - 1] = '}';

        assertThatExceptionOfType(InvalidFrameException.class)
                .isThrownBy(() -> FrameReader.read(message))
                .withMessageContaining("invalid UTF-8");
    }
}
