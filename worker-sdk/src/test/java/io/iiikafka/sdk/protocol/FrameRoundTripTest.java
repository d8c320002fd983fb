package io.iiikafka.sdk.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameRoundTripTest {

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(JsonCursor.MAX_DEPTH).build())
            .build();

    @Provide
    Arbitrary<Frame> frames() {
        return Frames.all();
    }

    @Provide
    Arbitrary<RawJson> payloads() {
        return Frames.payloads();
    }

    @Provide
    Arbitrary<String> ids() {
        return Frames.ids();
    }

    /** JSON texts with a few bytes changed, dropped or put in: most of them broken. */
    @Provide
    Arbitrary<byte[]> damaged() {
        Arbitrary<Byte> replacement =
                Arbitraries.oneOf(Arbitraries.bytes(), Arbitraries.of("{}[]\",:\\/u0123456789.eE+-tfn ".chars()
                        .mapToObj(c -> (byte) c)
                        .toList()));
        return Combinators.combine(Frames.jsonTexts(3), Arbitraries.integers().between(0, 2), replacement,
                        Arbitraries.integers().between(0, 10_000))
                .as((text, kind, octet, where) -> damage(RawJson.of(text).toBytes(), kind, octet, where));
    }

    private static byte[] damage(byte[] json, int kind, byte octet, int where) {
        int at = where % json.length;
        byte[] result = kind == 0 ? json.clone() : Arrays.copyOf(json, json.length + (kind == 1 ? -1 : 1));
        if (kind != 0) {
            int tail = kind == 1 ? at + 1 : at;
            System.arraycopy(json, tail, result, at + (kind == 1 ? 0 : 1), json.length - tail);
        }
        if (kind != 1) {
            result[at] = octet;
        }
        return result;
    }

    @Property
    void shouldReadBackWhatWasWritten(@ForAll("frames") Frame frame) throws Exception {
        byte[] written = FrameWriter.write(frame);

        assertThat(FrameReader.read(written)).isEqualTo(frame);
        assertThat(FrameWriter.write(FrameReader.read(written))).isEqualTo(written);
        assertThat(RawJson.of(written).toTree().isObject()).as("valid for another parser").isTrue();
    }

    @Property
    void shouldReadTheSameAtAnyOffset(@ForAll("frames") Frame frame) throws Exception {
        byte[] written = FrameWriter.write(frame);
        byte[] surrounded = new byte[written.length + 20];
        Arrays.fill(surrounded, (byte) '}');
        System.arraycopy(written, 0, surrounded, 7, written.length);

        assertThat(FrameReader.read(surrounded, 7, written.length)).isEqualTo(frame);
    }

    @Property(tries = 200)
    void shouldRefuseEveryTruncation(@ForAll("frames") Frame frame) {
        byte[] written = FrameWriter.write(frame);

        for (int length = 0; length < written.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> FrameReader.read(written, 0, cut)).isInstanceOf(InvalidFrameException.class);
        }
    }

    @Property
    void shouldThrowNothingButInvalidFrameWhenBytesAreDamaged(
            @ForAll("frames") Frame frame, @ForAll byte octet, @ForAll int where) {
        byte[] written = FrameWriter.write(frame);
        byte[] hurt = damage(written, Math.floorMod(where, 3), octet, Math.floorMod(where / 3, written.length));

        try {
            FrameReader.read(hurt);
        } catch (InvalidFrameException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    @Property(tries = 3000)
    void shouldJudgeJsonAsJacksonDoes(@ForAll("damaged") byte[] json) throws IOException {
        boolean accepted;
        try {
            accepted = FrameReader.read(inPing(json)) instanceof Frame.Ping;
        } catch (InvalidFrameException e) {
            accepted = false;
        }

        assertThat(accepted).isEqualTo(isValidForJackson(json));
    }

    private static byte[] inPing(byte[] json) {
        byte[] head = "{\"type\":\"ping\",\"x\":".getBytes(StandardCharsets.US_ASCII);
        byte[] frame = Arrays.copyOf(head, head.length + json.length + 1);
        System.arraycopy(json, 0, frame, head.length, json.length);
        frame[frame.length - 1] = '}';
        return frame;
    }

    /** Jackson reading the decoded text; the JDK's strict decoder judges the UTF-8. */
    private static boolean isValidForJackson(byte[] json) throws IOException {
        byte[] frame = inPing(json);
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(frame))
                    .toString();
        } catch (CharacterCodingException e) {
            return false;
        }
        try (JsonParser parser = JACKSON.createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Property
    void shouldKeepPayloadBytes(@ForAll("payloads") RawJson payload, @ForAll("ids") String id) throws Exception {
        byte[] written = FrameWriter.write(
                new Frame.InvokeFunction(id, id, payload, null, null, Action.SYNC, payload, null));

        Frame.InvokeFunction read = (Frame.InvokeFunction) FrameReader.read(written);

        assertThat(read.data()).hasToString(payload.toString());
        assertThat(read.metadata()).hasToString(payload.toString());
    }

    @Property
    void shouldStampTheCallerOnObjectsOnly(@ForAll("payloads") RawJson payload, @ForAll("ids") String caller)
            throws Exception {
        byte[] written = FrameWriter.writeInvocation("i", "f", payload, caller, "tp", "b", null);

        RawJson data = ((Frame.InvokeFunction) FrameReader.read(written)).data();
        assertThat(data).isNotNull();
        if (!payload.isObject()) {
            assertThat(data).isEqualTo(payload);
            return;
        }
        JsonCursor cursor = JsonCursor.known(data.array(), data.arrayOffset(), data.length());
        cursor.beginObject();
        int stamps = 0;
        String last = "";
        while (cursor.nextMember()) {
            last = cursor.key();
            stamps += last.equals("_caller_worker_id") ? 1 : 0;
            cursor.skipValue();
        }
        assertThat(stamps).isEqualTo(1);
        assertThat(last).isEqualTo("_caller_worker_id");
        assertThat(data.toTree().get("_caller_worker_id").textValue()).isEqualTo(caller);
    }
}
