package io.iiikafka.gateway.http.route;

/** A trigger's configuration cannot become a route; the message tells its author why. */
public final class InvalidRouteException extends Exception {

    public InvalidRouteException(String message) {
        super(message);
    }
}
