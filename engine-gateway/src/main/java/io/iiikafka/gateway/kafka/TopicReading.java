package io.iiikafka.gateway.kafka;

/** One consumer's life; on one thread, but for {@link #stop}. */
public interface TopicReading extends AutoCloseable {

    /** Reads until it is stopped, or Kafka fails. */
    void run();

    /** Has {@link #run} return soon; any thread. */
    void stop();

    @Override
    void close();
}
