package dev.larder.dynamodb;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import dev.larder.serial.Serializers;
import dev.larder.testkit.EmbeddedDynamoDbExtension;
import dev.larder.testkit.EmbeddedDynamoDbExtension.TableName;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import junit.framework.AssertionFailedError;
import junit.framework.Test;
import junit.framework.TestCase;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Guava's suite for a {@link java.util.concurrent.ConcurrentMap} on a real table. Nothing is
 * suppressed. Features not claimed: null keys and values, a known order, serialization; iterators
 * are weakly consistent and do not fail fast.
 */
@ExtendWith(EmbeddedDynamoDbExtension.class)
class DynamoDbMapGuavaTest {
  /** More maps than one test looks at. */
  private static final int IN_USE = 8;

  @TestFactory
  Stream<DynamicNode> concurrentMap(DynamoDbClient client, @TableName String table) {
    Deque<DynamoDbMap<String>> made = new ArrayDeque<>();
    AtomicInteger maps = new AtomicInteger();
    TestSuite suite =
        ConcurrentMapTestSuiteBuilder.using(
                new TestStringMapGenerator() {
                  @Override
                  protected Map<String, String> create(Map.Entry<String, String>[] entries) {
                    DynamoDbMap<String> map =
                        DynamoDbMap.builder(Serializers.string())
                            .client(client)
                            .tableName(table)
                            .keyPrefix(maps.incrementAndGet() + "/")
                            .build();
                    // What is left in the table makes the next listing slower.
                    made.add(map);
                    if (made.size() > IN_USE) {
                      made.remove().clear();
                    }
                    for (Map.Entry<String, String> entry : entries) {
                      map.put(entry.getKey(), entry.getValue());
                    }
                    return map;
                  }
                })
            .named("DynamoDbMap")
            .withFeatures(
                MapFeature.GENERAL_PURPOSE,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE,
                // The map names its table and reads nothing.
                CollectionFeature.NON_STANDARD_TOSTRING,
                CollectionSize.ANY)
            .createTestSuite();
    return children(suite);
  }

  private static Stream<DynamicNode> children(TestSuite suite) {
    return Collections.list(suite.tests()).stream().map(DynamoDbMapGuavaTest::node);
  }

  private static DynamicNode node(Test test) {
    if (test instanceof TestSuite suite) {
      return DynamicContainer.dynamicContainer(suite.getName(), children(suite));
    }
    return DynamicTest.dynamicTest(
        test instanceof TestCase named ? named.getName() : test.toString(), () -> run(test));
  }

  private static void run(Test test) throws Throwable {
    TestResult result = new TestResult();
    test.run(result);
    if (!result.wasSuccessful()) {
      throw Stream.concat(
              Collections.list(result.failures()).stream(),
              Collections.list(result.errors()).stream())
          .findFirst()
          .orElseThrow(AssertionFailedError::new)
          .thrownException();
    }
  }
}
