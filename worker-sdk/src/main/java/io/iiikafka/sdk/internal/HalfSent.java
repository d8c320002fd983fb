package io.iiikafka.sdk.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * What becomes of the frames that were being written when a connection broke. Results are sent again, but not one that
 * the engine finds too large: it would break each connection to come.
 */
final class HalfSent {

    /** An engine that cuts the connection need not say why; a result this large that broke two in a row is why. */
    private static final int SUSPICIOUS_BYTES = 1024 * 1024;

    private Set<Frame> before = Set.of();
    private @Nullable Frame tooLarge;

    /** The frames in order, those that would break the next connection turned into errors. */
    List<Frame> after(Connection connection) {
        List<Frame> frames = connection.perhapsSent();
        tooLarge = connection.foundMessageTooLarge() ? largest(frames) : null;
        Set<Frame> now = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Frame> kept = new ArrayList<>();
        for (Frame frame : frames) {
            boolean breaksAgain = frame == tooLarge || before.contains(frame) && size(frame) > SUSPICIOUS_BYTES;
            if (breaksAgain && frame instanceof Frame.InvocationResult result) {
                kept.add(new Frame.InvocationResult(
                        result.invocationId(), result.functionId(), null, refused("result", result), null, null));
            } else {
                now.add(frame);
                kept.add(frame);
            }
        }
        before = now;
        return kept;
    }

    /** What to tell whoever waits for a call that was half sent. */
    ErrorBody verdict(Frame.InvokeFunction call) {
        return call == tooLarge
                ? refused("payload", call)
                : new ErrorBody(
                        InvocationException.CONNECTION_LOST, "the connection broke while the call was being sent");
    }

    private static ErrorBody refused(String what, Frame frame) {
        return new ErrorBody(
                ErrorCode.PAYLOAD_TOO_LARGE.code(),
                "a " + what + " of " + size(frame) + " bytes is more than the engine takes: use a channel");
    }

    private static @Nullable Frame largest(List<Frame> frames) {
        Frame largest = null;
        for (Frame frame : frames) {
            if (largest == null || size(frame) > size(largest)) {
                largest = frame;
            }
        }
        return largest;
    }

    private static int size(Frame frame) {
        RawJson json = switch (frame) {
            case Frame.InvocationResult result -> result.result();
            case Frame.InvokeFunction call -> call.data();
            default -> null;
        };
        return json == null ? 0 : json.length();
    }
}
