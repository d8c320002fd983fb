package io.iiikafka.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What every system carries there and back: a JSON object of exactly 100 bytes. */
public final class Payload {

    public static final String TEXT = "{\"order\":\"o-1234567\",\"quantity\":3,\"note\":\"" + "x".repeat(56) + "\"}";

    private Payload() {}

    /** A fresh copy, so that no one can change another's. */
    public static byte[] bytes() {
        return TEXT.getBytes(UTF_8);
    }
}
