package io.iiikafka.gateway.invocation;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.PushCodec;

/** Told of frames of stream groups that somebody on this gateway listens to, in the order of commit; on one thread. */
@FunctionalInterface
public interface PushListener {

    /** Must not block. The same frame may come more than once. */
    void pushed(RawJson frame, PushCodec.Position position);
}
