package io.iiikafka.topology.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
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
                ? settings.forBrokers(await(admin.describeCluster().nodes()).size())
                : settings;
    }

    /** Topics of the plan that the cluster does not have. */
    public List<TopicSpec> missing(TopicPlan plan) {
        Set<String> existing = describe(plan).keySet();
        return plan.topics().stream().filter(topic -> !existing.contains(topic.name())).toList();
    }

    /** Creates what lacks, checks the rest, and returns when every broker asked knows every topic. */
    public void createMissing(TopicPlan plan) {
        List<TopicSpec> missing = missing(plan);
        if (!missing.isEmpty()) {
            create(missing);
            awaitExistence(plan);
            LOG.info("Created topics {}", missing.stream().map(TopicSpec::name).toList());
        }
        check(plan);
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

    private void awaitExistence(TopicPlan plan) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!missing(plan).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new TopicProblem(List.of("the topics were created but do not appear in the cluster's metadata"));
            }
            pause();
        }
    }

    /** Checks that all topics exist with the right partitions, and that nothing in them would be lost. */
    public void check(TopicPlan plan) {
        Map<String, TopicDescription> described = describe(plan);
        List<String> problems = new ArrayList<>();
        for (TopicSpec topic : plan.topics()) {
            TopicDescription found = described.get(topic.name());
            if (found == null) {
                problems.add("topic " + topic.name() + " does not exist (remedy: iii topics --create)");
            } else if (found.partitions().size() != topic.partitions()) {
                int partitions = found.partitions().size();
                problems.add("topic %s has %d partitions, not the configured %d (configure %d, or create it anew)"
                        .formatted(topic.name(), partitions, topic.partitions(), partitions));
            }
        }
        checkConfigs(plan, described.keySet(), problems);
        if (!problems.isEmpty()) {
            throw new TopicProblem(problems);
        }
    }

    private void checkConfigs(TopicPlan plan, Set<String> existing, List<String> problems) {
        Map<String, Config> configs;
        try {
            configs = configs(existing);
        } catch (AuthorizationException e) {
            LOG.warn("The topics' configuration is not checked: {}", e.getMessage());
            return;
        }
        for (TopicSpec topic : plan.topics()) {
            Config found = configs.get(topic.name());
            if (found != null) {
                compare(topic, found, problems);
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

    private Map<String, Config> configs(Set<String> topics) {
        Collection<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Config> configs = new HashMap<>();
        await(admin.describeConfigs(resources).all())
                .forEach((resource, config) -> configs.put(resource.name(), config));
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

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }
}
