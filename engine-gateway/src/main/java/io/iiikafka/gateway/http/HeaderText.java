package io.iiikafka.gateway.http;

/** What is legal in HTTP headers (RFC 9110 5.5, 5.6.2). */
final class HeaderText {

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HeaderText() {}

    static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(HeaderText::isTokenChar);
    }

    private static boolean isTokenChar(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** Whether a response may carry the value. */
    static boolean isValue(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c != 0x7F && c <= 0xFF || c == '\t');
    }

    /** Whether a handler is shown the value of a request's header: visible ASCII, blanks and tabs only. */
    static boolean isVisible(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' || c > '~') && c != '\t') {
                return false;
            }
        }
        return true;
    }
}
