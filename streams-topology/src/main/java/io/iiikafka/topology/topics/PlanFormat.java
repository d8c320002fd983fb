package io.iiikafka.topology.topics;

import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/** How a plan is shown. */
public enum PlanFormat {
    /** For people. */
    TEXT {
        @Override
        public String render(TopicPlan plan) {
            StringBuilder text = new StringBuilder();
            for (TopicSpec topic : plan.topics()) {
                text.append("topic %s: %d partition%s, replication factor %d  (%s)%n"
                        .formatted(
                                topic.name(),
                                topic.partitions(),
                                topic.partitions() == 1 ? "" : "s",
                                topic.replicationFactor(),
                                topic.purpose()));
                topic.configs().forEach((key, value) -> text.append("    %s=%s%n".formatted(key, value)));
            }
            for (GroupSpec group : plan.groups()) {
                text.append("group %s  (%s)%n".formatted(group.name(), group.purpose()));
                group.configs().forEach((key, value) -> text.append("    %s=%s%n".formatted(key, value)));
            }
            text.append("%npermissions of the engine's principal (Create only where the engine creates the topics):%n"
                    .formatted());
            for (Permission permission : plan.permissions()) {
                String names = permission.prefix() == null
                        ? ""
                        : permission.prefix().isEmpty() ? " *" : " " + permission.prefix() + "*";
                text.append("    %s%s: %s%n"
                        .formatted(permission.resource(), names, String.join(", ", permission.operations())));
            }
            return text.toString();
        }
    },
    /** Commands of Kafka's own tools. */
    KAFKA_TOPICS {
        @Override
        public String render(TopicPlan plan) {
            StringBuilder text = new StringBuilder();
            for (TopicSpec topic : plan.topics()) {
                text.append(("kafka-topics.sh --bootstrap-server \"$BOOTSTRAP\" --create --if-not-exists --topic %s"
                                + " --partitions %d --replication-factor %d")
                        .formatted(topic.name(), topic.partitions(), topic.replicationFactor()));
                topic.configs().forEach((key, value) -> text.append(" --config %s=%s".formatted(key, value)));
                text.append(System.lineSeparator());
            }
            for (GroupSpec group : plan.groups()) {
                StringJoiner configs = new StringJoiner(",");
                group.configs().forEach((key, value) -> configs.add(key + "=" + value));
                text.append(("kafka-configs.sh --bootstrap-server \"$BOOTSTRAP\" --alter --entity-type groups"
                                + " --entity-name %s --add-config %s%n")
                        .formatted(group.name(), configs));
            }
            for (Permission permission : plan.permissions()) {
                text.append("kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --add --allow-principal \"$PRINCIPAL\" ")
                        .append(permission.toOptions())
                        .append(System.lineSeparator());
            }
            return text.toString();
        }
    },
    /** {@code KafkaTopic} resources; the label names the cluster. */
    STRIMZI {
        @Override
        public String render(TopicPlan plan) {
            StringJoiner documents = new StringJoiner("---" + System.lineSeparator());
            for (TopicSpec topic : plan.topics()) {
                StringBuilder text = new StringBuilder("""
                        apiVersion: kafka.strimzi.io/v1
                        kind: KafkaTopic
                        metadata:
                          name: %s
                          labels:
                            strimzi.io/cluster: my-cluster
                        spec:
                          topicName: %s
                          partitions: %d
                          replicas: %d
                          config:
                        """
                        .formatted(
                                topic.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                topic.name(),
                                topic.partitions(),
                                topic.replicationFactor()));
                topic.configs().forEach((key, value) -> text.append("    %s: \"%s\"%n".formatted(key, value)));
                documents.add(text);
            }
            return documents.toString();
        }
    },
    /** For programs: {@code {"prefix":…,"topics":[{"name":…,"partitions":…,…}],"groups":[…],"permissions":[…]}}. */
    JSON {
        @Override
        public String render(TopicPlan plan) {
            ObjectWriter writer = new ObjectMapper().writerWithDefaultPrettyPrinter();
            try {
                return writer.writeValueAsString(Map.of(
                                "prefix", plan.prefix(),
                                "topics", plan.topics(),
                                "groups", plan.groups(),
                                "permissions", plan.permissions()))
                        + System.lineSeparator();
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    };

    public abstract String render(TopicPlan plan);
}
