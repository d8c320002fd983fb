package io.iiikafka.topology.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes as Kafka records of {@code results}: the key is the invocation id, the partition the origin's slot, the value
 * the result's JSON (null when there is none) or, when {@code ce_type} is {@link HeaderNames#FAILED}, the error's.
 */
public final class OutcomeCodec {

    private static final Header SPEC_VERSION = TextHeader.of(HeaderNames.CE_SPECVERSION, "1.0");
    private static final Header JSON = TextHeader.of(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header COMPLETED = TextHeader.of(HeaderNames.CE_TYPE, HeaderNames.COMPLETED);
    private static final Header FAILED = TextHeader.of(HeaderNames.CE_TYPE, HeaderNames.FAILED);
    private static final byte[] FAILED_TYPE = HeaderNames.FAILED.getBytes(UTF_8);

    private OutcomeCodec() {}

    /** An outcome that was read, with the origin it is addressed to. */
    public record Addressed(Origin origin, Outcome outcome) {}

    public static byte @Nullable [] value(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Success success -> success.value() == null ? null : success.value().toBytes();
            case Outcome.Failure failure -> RawJson.ofValue(failure.error()).toBytes();
        };
    }

    /**
     * @param source who answers, for example {@code /workers/<worker id>}
     */
    public static List<Header> headers(Call call, Origin origin, Outcome outcome, String source, long nowMs) {
        List<Header> headers = new ArrayList<>(9);
        headers.add(SPEC_VERSION);
        headers.add(TextHeader.of(HeaderNames.CE_ID, call.invocationId()));
        headers.add(TextHeader.of(HeaderNames.CE_SOURCE, source));
        headers.add(outcome instanceof Outcome.Failure ? FAILED : COMPLETED);
        headers.add(TextHeader.of(HeaderNames.CE_SUBJECT, call.functionId()));
        headers.add(new RecordHeader(HeaderNames.CE_TIME, RecordTime.of(nowMs)));
        headers.add(JSON);
        headers.add(origin.header());
        if (call.traceparent() != null) {
            headers.add(TextHeader.of(HeaderNames.TRACEPARENT, call.traceparent()));
        }
        return headers;
    }

    /** Reads an outcome; null when the record is not one. */
    public static @Nullable Addressed decode(Headers headers, byte @Nullable [] value) {
        Origin origin = null;
        boolean failed = false;
        for (Header header : headers) {
            switch (header.key()) {
                case HeaderNames.ORIGIN -> origin = Origin.of(header);
                case HeaderNames.CE_TYPE -> failed = Arrays.equals(header.value(), FAILED_TYPE);
                default -> {} // of no interest to the waiting gateway
            }
        }
        return origin == null ? null : new Addressed(origin, failed ? failure(value) : success(value));
    }

    private static Outcome success(byte @Nullable [] value) {
        return value == null ? Outcome.NO_VALUE : new Outcome.Success(RawJson.of(value));
    }

    private static Outcome failure(byte @Nullable [] value) {
        try {
            return new Outcome.Failure(RawJson.of(value == null ? new byte[0] : value).as(ErrorBody.class));
        } catch (UncheckedIOException e) {
            return Outcome.failure(ErrorCode.SERIALIZATION_ERROR, "the error of this call could not be read");
        }
    }
}
