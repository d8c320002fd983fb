package io.iiikafka.topology.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokersTest {

    @ParameterizedTest(name = "{0} of {1} are there")
    @CsvSource({"1,1,1", "2,2,2", "2,3,3", "1,3,1"})
    void shouldCountThoseThatAreDownUnlessOneIsAlone(int live, int registered, int counted) {
        assertThat(Brokers.count(cluster(live, registered), Duration.ZERO)).isEqualTo(counted);
    }

    /** Answers questions about the cluster's brokers, and no others. */
    private static Admin cluster(int live, int registered) {
        return (Admin) Proxy.newProxyInstance(Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, given) -> {
            if (!method.getName().equals("describeCluster")) {
                throw new UnsupportedOperationException(method.getName());
            }
            boolean all = given != null && ((DescribeClusterOptions) given[0]).includeFencedBrokers();
            return answer(all ? registered : live);
        });
    }

    /** Kafka has no way for others to make one. */
    private static DescribeClusterResult answer(int brokers) throws ReflectiveOperationException {
        Collection<Node> nodes = IntStream.range(0, brokers).mapToObj(id -> new Node(id, "localhost", 9092)).toList();
        Constructor<?> constructor = DescribeClusterResult.class.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return (DescribeClusterResult) constructor.newInstance(KafkaFuture.completedFuture(nodes), null, null, null);
    }
}
