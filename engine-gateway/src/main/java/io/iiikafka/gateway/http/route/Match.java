package io.iiikafka.gateway.http.route;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a request's method and path lead to. */
public sealed interface Match {

    /**
     * A route.
     *
     * @param values raw values of the template's parameters, in order
     */
    record Found(Route route, List<String> values) implements Match {

        public Map<String, String> parameters() {
            return route.template().name(values);
        }
    }

    /**
     * The path is known, the method is not.
     *
     * @param allowed the methods that are
     */
    record WrongMethod(Set<String> allowed) implements Match {}

    record NotFound() implements Match {}

    NotFound NOT_FOUND = new NotFound();
}
