package io.iiikafka.sdk.internal.websocket;

/** Why a WebSocket is no more. */
public sealed interface Ending {

    /** The other side has closed, by itself or in answer to this side's close; code 1005 when it named none. */
    record Closed(int code, String reason) implements Ending {}

    /** Ended without, or against, the rules. */
    record Lost(String why) implements Ending {}
}
