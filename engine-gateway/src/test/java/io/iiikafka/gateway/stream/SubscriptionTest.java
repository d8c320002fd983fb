package io.iiikafka.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What decides whether the keeper says that it had forgotten a subscription, so that join triggers are asked again. */
class SubscriptionTest {

    private final Subscription subscription = new LiveSubscription("1", null, null);

    @Test
    void shouldBeginAnewWhenKafkaDidNotGetTheOnlyQuestion() {
        assertThat(subscription.askFirst()).isTrue();
        subscription.notAsked();

        assertThat(subscription.askFirst()).isTrue();
        assertThat(subscription.askFirst()).isFalse();
    }

    @Test
    void shouldStayAskedWhenKafkaDidNotGetALaterQuestion() {
        subscription.askFirst();
        subscription.askFirst();
        subscription.notAsked();

        assertThat(subscription.askFirst()).isFalse();
    }
}
