package io.iiikafka.gateway.topics;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.topics.TopicPlan;
import io.iiikafka.topology.topics.TopicProblem;
import io.iiikafka.topology.topics.TopicProvisioner;
import io.iiikafka.topology.topics.TopicSettings;
import io.iiikafka.topology.topics.TopicSpec;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TopicProvisionerTest {

    private final Admin admin = TestBroker.admin();
    private final TopicProvisioner provisioner = new TopicProvisioner(admin);
    private final Topics topics = new Topics(TestBroker.freshPrefix());

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void shouldCreateWhatLacksWithItsConfigs() throws Exception {
        TopicPlan plan = plan(2, 3);

        provisioner.createMissing(plan);

        assertThat(provisioner.missing(plan)).isEmpty();
        ConfigResource catalog = new ConfigResource(ConfigResource.Type.TOPIC, topics.catalog());
        assertThat(admin.describeConfigs(List.of(catalog)).all().get(10, TimeUnit.SECONDS).get(catalog)
                        .get("cleanup.policy").value())
                .isEqualTo("compact");
        provisioner.createMissing(plan);
    }

    @Test
    void shouldNameMissingTopicsWhenChecked() {
        TopicPlan plan = plan(2, 3);

        assertThat(provisioner.missing(plan)).extracting(TopicSpec::name).contains(topics.invocations());
        assertThatThrownBy(() -> provisioner.check(plan))
                .isInstanceOf(TopicProblem.class)
                .hasMessageContaining("topic " + topics.results() + " does not exist (remedy: iii topics --create)");
    }

    @Test
    void shouldRefuseWhenPartitionsDiffer() {
        provisioner.createMissing(plan(2, 3));

        assertThatThrownBy(() -> provisioner.createMissing(plan(2, 4)))
                .isInstanceOf(TopicProblem.class)
                .hasMessageContaining("topic " + topics.deliveries() + " has 3 partitions, not the configured 4");
    }

    @Test
    void shouldRefuseWhenCatalogWouldBeDeleted() throws Exception {
        NewTopic wrong = new NewTopic(topics.catalog(), Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", "delete"));
        admin.createTopics(List.of(wrong)).all().get(10, TimeUnit.SECONDS);

        assertThatThrownBy(() -> provisioner.createMissing(plan(2, 3)))
                .isInstanceOf(TopicProblem.class)
                .hasMessageContaining("topic " + topics.catalog() + " has cleanup.policy=delete, but needs compact");
    }

    @Test
    void shouldLookAgainWhenTheBrokerThatIsAskedHasNotHeardOfWhatWasJustMade() {
        TopicPlan plan = plan(2, 3);

        new TopicProvisioner(oneLookBehind()).createMissing(plan);

        assertThat(provisioner.missing(plan)).isEmpty();
    }

    /** Answers the second look at topics as the first. */
    private Admin oneLookBehind() {
        List<Object> looks = new ArrayList<>();
        return (Admin) Proxy.newProxyInstance(Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, given) -> {
            if (!method.getName().equals("describeTopics")) {
                return method.invoke(admin, given);
            }
            looks.add(looks.size() == 1 ? looks.getFirst() : method.invoke(admin, given));
            return looks.getLast();
        });
    }

    private TopicPlan plan(int partitions, int slots) {
        return TopicPlan.of(provisioner.decide(new TopicSettings(
                topics, partitions, slots, TopicSettings.AUTO, 1024 * 1024, Duration.ofDays(1), TopicSettings.UNBOUNDED,
                Duration.ofDays(7))));
    }
}
