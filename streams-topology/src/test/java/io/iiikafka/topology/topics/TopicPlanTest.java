package io.iiikafka.topology.topics;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.topology.queue.ShareGroup;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

class TopicPlanTest {

    private static final int MAX_RECORD = 17 * 1024 * 1024;

    @Test
    void shouldListEveryTopicWithPartitions() {
        TopicPlan plan = TopicPlan.of(settings("iii.", 0, 256L * 1024 * 1024).forUsualCluster());

        assertThat(plan.topics())
                .extracting(TopicSpec::name, TopicSpec::partitions, TopicSpec::replicationFactor)
                .containsExactly(
                        tuple("iii.invocations", 8, 3),
                        tuple("iii.commands", 8, 3),
                        tuple("iii.deliveries", 16, 3),
                        tuple("iii.results", 16, 3),
                        tuple("iii.catalog", 1, 3),
                        tuple("iii.stream-events", 8, 3),
                        tuple("iii.events", 8, 3),
                        tuple("iii.keeper-state-changelog", 8, 3),
                        tuple("iii.keeper-state-scopes-changelog", 8, 3),
                        tuple("iii.keeper-state-notes-changelog", 8, 3),
                        tuple("iii.keeper-state-history-changelog", 8, 3),
                        tuple("iii.keeper-streams-changelog", 8, 3),
                        tuple("iii.keeper-stream-groups-changelog", 8, 3),
                        tuple("iii.keeper-stream-log-changelog", 8, 3),
                        tuple("iii.keeper-stream-notes-changelog", 8, 3),
                        tuple("iii.keeper-pubsub-log-changelog", 8, 3),
                        tuple("iii.keeper-pubsub-notes-changelog", 8, 3),
                        tuple("iii.keeper-jobs-changelog", 8, 3),
                        tuple("iii.keeper-dead-letters-changelog", 8, 3),
                        tuple("iii.keeper-cron-changelog", 8, 3),
                        tuple("iii.keeper-cron-history-changelog", 8, 3));
    }

    @Test
    void shouldKeepCallsForATimeAndCatalogByKey() {
        List<TopicSpec> topics = TopicPlan.of(settings("iii.", 1, 256L * 1024 * 1024)).topics();

        assertThat(topics.get(0).configs())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", "86400000")
                .containsEntry("retention.bytes", "268435456")
                .containsEntry("segment.bytes", "67108864")
                .containsEntry("min.insync.replicas", "1")
                .containsEntry("max.message.bytes", Integer.toString(MAX_RECORD));
        assertThat(topics.get(4).configs())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.cleanable.dirty.ratio", "0.1")
                .doesNotContainKeys("retention.ms", "retention.bytes");
    }

    @Test
    void shouldLeaveSizeUnboundedAndAskForTwoReplicasOnCluster() {
        TopicSpec calls = TopicPlan.of(settings("iii.", 3, TopicSettings.UNBOUNDED)).topics().getFirst();

        assertThat(calls.configs())
                .doesNotContainKeys("retention.bytes", "segment.bytes")
                .containsEntry("min.insync.replicas", "2");
    }

    @Test
    void shouldDecideReplicationByBrokers() {
        TopicSettings auto = settings("iii.", TopicSettings.AUTO, TopicSettings.UNBOUNDED);

        assertThat(auto.forBrokers(1).replicationFactor()).isEqualTo(1);
        assertThat(auto.forBrokers(5).replicationFactor()).isEqualTo(3);
        assertThat(settings("iii.", 2, 1).forBrokers(5).replicationFactor()).isEqualTo(2);
        assertThatThrownBy(() -> TopicPlan.of(auto)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNeedSixPermissions() {
        TopicPlan plan = TopicPlan.of(settings("acme.", 3, TopicSettings.UNBOUNDED));

        assertThat(plan.permissions())
                .hasSize(6)
                .extracting(Permission::toOptions)
                .contains(
                        "--operation Read --operation Describe --group 'acme.' --resource-pattern-type prefixed",
                        "--operation Delete --topic 'acme.queue.' --resource-pattern-type prefixed",
                        "--operation DescribeConfigs --operation AlterConfigs --group 'acme.queue.'"
                                + " --resource-pattern-type prefixed");
        assertThat(TopicPlan.of(settings("", 3, 1)).permissions())
                .extracting(Permission::toOptions)
                .contains("--operation Read --operation Describe --group '*'");
    }

    @Test
    void shouldListWhatQueuesThatAreTopicsNeed() throws Exception {
        TopicPlan plan = TopicPlan.of(
                settings("iii.", 3, TopicSettings.UNBOUNDED), Map.of("images", new ShareGroup(4, 60_000, "images::shrink")));

        TopicSpec topic = plan.topics().getLast();
        assertThat(topic.name()).isEqualTo("iii.queue.images");
        assertThat(topic.partitions()).isEqualTo(4);
        assertThat(topic.configs())
                .containsEntry("retention.ms", "60000")
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("min.insync.replicas", "2");
        assertThat(PlanFormat.TEXT.render(plan))
                .contains("group iii.queue.images  (share group of the gateways, for queue images)")
                .contains("    share.auto.offset.reset=earliest");
        assertThat(PlanFormat.KAFKA_TOPICS.render(plan))
                .contains("kafka-configs.sh --bootstrap-server \"$BOOTSTRAP\" --alter --entity-type groups --entity-name"
                        + " iii.queue.images --add-config"
                        + " share.auto.offset.reset=earliest,share.isolation.level=read_committed");
        JsonNode json = new ObjectMapper().readTree(PlanFormat.JSON.render(plan));
        assertThat(json.at("/groups/0/configs/share.isolation.level").textValue()).isEqualTo("read_committed");
    }

    @Test
    void shouldRenderEachFormat() throws Exception {
        TopicPlan plan = TopicPlan.of(settings("iii.", 3, TopicSettings.UNBOUNDED));

        assertThat(PlanFormat.TEXT.render(plan))
                .contains("topic iii.catalog: 1 partition, replication factor 3")
                .contains("    cleanup.policy=compact")
                .contains("group iii.*: Read, Describe");
        assertThat(PlanFormat.KAFKA_TOPICS.render(plan).lines())
                .hasSize(7 + KeeperStore.values().length + 6)
                .anyMatch(line -> line.contains("--topic iii.deliveries --partitions 16 --replication-factor 3"));
        assertThat(PlanFormat.STRIMZI.render(plan)).contains("kind: KafkaTopic").contains("topicName: iii.results");
        JsonNode json = new ObjectMapper().readTree(PlanFormat.JSON.render(plan));
        assertThat(json.at("/topics/4/configs/cleanup.policy").textValue()).isEqualTo("compact");
        assertThat(json.at("/permissions/0/prefix").textValue()).isEqualTo("iii.");
    }

    private static TopicSettings settings(String prefix, int replication, long retentionBytes) {
        return new TopicSettings(
                new Topics(prefix), 8, 16, replication, MAX_RECORD, Duration.ofDays(1), retentionBytes, Duration.ofDays(7));
    }
}
