package io.iiikafka.topology.topics;

import static io.iiikafka.topology.topics.Brokers.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a cluster's topics with a plan and creates what lacks. Blocks; never changes or deletes a topic. */
public final class TopicProvisioner {

    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Admin admin;

    public TopicProvisioner(Admin admin) {
        this.admin = admin;
    }

    /** The settings with the replication factor decided by the number of brokers. */
    public TopicSettings decide(TopicSettings settings) {
        return settings.replicationFactor() == TopicSettings.AUTO
                ? settings.forBrokers(Brokers.count(admin, PATIENCE))
                : settings;
    }

    /** Topics of the plan that the cluster does not have. */
    public List<TopicSpec> missing(TopicPlan plan) {
        Set<String> existing = describe(plan).keySet();
        return plan.topics().stream().filter(topic -> !existing.contains(topic.name())).toList();
    }

    /** Creates what lacks, checks the rest, and returns when brokers that are asked know every topic. */
    public void createMissing(TopicPlan plan) {
        List<TopicSpec> missing = missing(plan);
        if (!missing.isEmpty()) {
            create(missing);
            LOG.info(
                    "Created topics {}, with {} copies of each record",
                    missing.stream().map(TopicSpec::name).toList(),
                    missing.getFirst().replicationFactor());
        }
        Found found = look(plan);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!found.unknown().isEmpty() && System.nanoTime() - deadline < 0) { // each look may ask another broker
            Brokers.pause(LOOK_EVERY);
            found = look(plan);
        }
        report(found, "was created but does not appear in the cluster's metadata");
    }

    private void create(List<TopicSpec> missing) {
        admin.createTopics(missing.stream().map(TopicSpec::toNewTopic).toList())
                .values()
                .forEach((topic, created) -> {
                    try {
                        await(created);
                    } catch (TopicExistsException e) {
                        LOG.debug("Another engine created topic {} at the same time", topic);
                    } catch (AuthorizationException e) {
                        throw new TopicProblem(List.of("topic " + topic + " does not exist and may not be created ("
                                + e.getMessage() + "); create it as `iii topics --plan` says, or allow Create"));
                    }
                });
    }

    /** Checks that all topics exist with the right partitions, and that nothing in them would be lost. */
    public void check(TopicPlan plan) {
        report(look(plan), "does not exist (remedy: iii topics --create)");
    }

    private static void report(Found found, String ofUnknown) {
        List<String> problems = new ArrayList<>();
        found.unknown().forEach(topic -> problems.add("topic " + topic + " " + ofUnknown));
        problems.addAll(found.problems());
        if (!problems.isEmpty()) {
            throw new TopicProblem(problems);
        }
    }

    /**
     * What a look at the topics gave.
     *
     * @param unknown topics that a broker which was asked does not know
     * @param problems what is wrong with others
     */
    private record Found(Set<String> unknown, List<String> problems) {}

    private Found look(TopicPlan plan) {
        Found found = new Found(new LinkedHashSet<>(), new ArrayList<>());
        Map<String, TopicDescription> described = describe(plan);
        for (TopicSpec topic : plan.topics()) {
            TopicDescription description = described.get(topic.name());
            if (description == null) {
                found.unknown().add(topic.name());
            } else if (description.partitions().size() != topic.partitions()) {
                int partitions = description.partitions().size();
                found.problems().add("topic %s has %d partitions, not the configured %d (configure %d, or create it anew)"
                        .formatted(topic.name(), partitions, topic.partitions(), partitions));
            }
        }
        lookAtConfigs(plan, described.keySet(), found);
        return found;
    }

    private void lookAtConfigs(TopicPlan plan, Set<String> existing, Found found) {
        Map<String, Config> configs;
        try {
            configs = configs(existing, found.unknown());
        } catch (AuthorizationException e) {
            LOG.warn("The topics' configuration is not checked: {}", e.getMessage());
            return;
        }
        for (TopicSpec topic : plan.topics()) {
            Config config = configs.get(topic.name());
            if (config != null) {
                compare(topic, config, found.problems());
            }
        }
    }

    private static void compare(TopicSpec topic, Config found, List<String> problems) {
        String policy = found.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        String wanted = topic.configs().get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(wanted)) {
            problems.add("topic %s has cleanup.policy=%s, but needs %s".formatted(topic.name(), policy, wanted));
        }
        long largest = Long.parseLong(found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        long needed = Long.parseLong(topic.configs().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        if (largest < needed) {
            LOG.warn(
                    "Topic {} takes records up to {} bytes only; larger payloads fail (max.message.bytes={} is needed)",
                    topic.name(),
                    largest,
                    needed);
        }
    }

    private Map<String, Config> configs(Set<String> topics, Set<String> unknown) {
        Collection<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Config> configs = new HashMap<>();
        admin.describeConfigs(resources).values().forEach((resource, config) -> {
            try {
                configs.put(resource.name(), await(config));
            } catch (UnknownTopicOrPartitionException e) {
                unknown.add(resource.name());
            }
        });
        return configs;
    }

    private Map<String, TopicDescription> describe(TopicPlan plan) {
        List<String> names = plan.topics().stream().map(TopicSpec::name).toList();
        Map<String, TopicDescription> found = new HashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, description) -> {
            try {
                found.put(name, await(description));
            } catch (UnknownTopicOrPartitionException e) {
                LOG.debug("Topic {} does not exist", name);
            }
        });
        return found;
    }
}
