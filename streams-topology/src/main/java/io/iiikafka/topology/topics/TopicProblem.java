package io.iiikafka.topology.topics;

import java.util.List;

/** The cluster's topics are not what the engine needs; the message says which, and the remedy. */
public final class TopicProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    TopicProblem(List<String> problems) {
        super(String.join("; ", problems));
    }
}
