package io.iiikafka.gateway.http;

import java.util.Arrays;

import io.iiikafka.sdk.protocol.RawJson;

/** JSON without white space between its parts: some SDKs write it, clients get none (spec: http.md 9.3). */
final class CompactJson {

    private CompactJson() {}

    static byte[] of(RawJson value) {
        byte[] source = value.toBytes();
        byte[] target = source;
        int length = 0;
        boolean inText = false;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (!inText && b <= ' ' && b >= 0) {
                if (target == source) {
                    target = source.clone(); // the value itself is shared
                }
                continue;
            }
            if (target != source) {
                target[length] = b;
            }
            length++;
            if (inText && b == '\\') {
                i++;
                if (target != source) {
                    target[length] = source[i];
                }
                length++;
            } else if (b == '"') {
                inText = !inText;
            }
        }
        return length == target.length ? target : Arrays.copyOf(target, length);
    }
}
