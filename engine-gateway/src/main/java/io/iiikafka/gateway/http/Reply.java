package io.iiikafka.gateway.http;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A whole response, ready to send.
 *
 * @param status 200 to 999
 * @param headers legal names, in lower case, and values; a name may come several times
 * @param body empty for none
 */
record Reply(int status, List<Header> headers, byte[] body) {

    private static final byte[] NO_BODY = {};
    private static final List<Header> JSON = List.of(new Header("content-type", ContentType.JSON));

    record Header(String name, String value) {}

    static Reply empty(int status) {
        return new Reply(status, List.of(), NO_BODY);
    }

    static Reply json(int status, RawJson body) {
        return new Reply(status, JSON, body.toBytes());
    }

    /** Final codes only: an interim one (1xx) cannot end a request, and is a fault of the function. */
    static Reply checked(Reply reply) {
        return reply.status < 200 ? empty(500) : reply;
    }
}
