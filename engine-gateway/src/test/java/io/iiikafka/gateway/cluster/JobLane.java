package io.iiikafka.gateway.cluster;

import java.util.Locale;

/** A way on which jobs go in {@link KilledJobsTest}, with the function that handles them. */
enum JobLane {
    STANDARD,
    FIFO,
    TOPIC;

    /** Deliveries in all of a job that never succeeds. */
    static final int ATTEMPTS = 4;

    String queue() {
        return "kills-" + name().toLowerCase(Locale.ROOT);
    }

    String function() {
        return queue() + "::handle";
    }

    /** The function that a producer names, and its data. */
    record Enqueueing(String functionId, String data, String members) {}

    /** What a producer sends to have the job done. */
    Enqueueing enqueueing(Job job) {
        return this == TOPIC
                ? new Enqueueing(
                        "iii::durable::publish", "{\"topic\":\"" + queue() + "\",\"data\":" + job.payload() + "}", "")
                : new Enqueueing(
                        function(),
                        job.payload(),
                        ",\"action\":{\"type\":\"enqueue\",\"queue\":\"" + queue() + "\"}");
    }

    /** @param group jobs of one group come from one producer, one after the other */
    record Job(JobLane lane, int number, int group) {

        String payload() {
            return "{\"n\":" + number + ",\"g\":" + group + "}";
        }

        boolean neverSucceeds() {
            return number % 97 == 0;
        }

        boolean failsFirst() {
            return number % 11 == 0;
        }

        int deliveries() {
            return neverSucceeds() ? ATTEMPTS : failsFirst() ? 2 : 1;
        }
    }
}
