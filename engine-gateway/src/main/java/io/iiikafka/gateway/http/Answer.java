package io.iiikafka.gateway.http;

/** Ends the steps of a request early, with this response. */
final class Answer extends RuntimeException {

    private final transient Reply reply;

    Answer(Reply reply) {
        super(null, null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
