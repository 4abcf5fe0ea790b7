package dev.larder.testkit;

import dev.larder.embedded.EmbeddedDynamoDb;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Gives tests a real DynamoDB: one {@linkplain EmbeddedDynamoDb#inMemory() in memory} for the whole
 * test run of a JVM, started when the first test asks for it and closed when the run ends. Tests
 * keep apart by table names.
 *
 * <pre>{@code
 * @ExtendWith(EmbeddedDynamoDbExtension.class)
 * class PantryTest {
 *   @Test
 *   void put_thenGet_isThere(DynamoDbClient client, @TableName String table) { ... }
 * }
 * }</pre>
 *
 * <p>Parameters of constructors, test and lifecycle methods are resolved by type: {@link
 * DynamoDbClient} (shared; closing it closes it for everyone), {@link EmbeddedDynamoDb}, {@link
 * URI} (its endpoint), and {@link String} with {@link TableName}. Needs {@code larder-embedded} and
 * JUnit 5.13 or later.
 *
 * <p>Safe for tests that run in parallel.
 */
public final class EmbeddedDynamoDbExtension implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(EmbeddedDynamoDbExtension.class);

  /** A parameter that is to be a table name nobody else has; each one gets another. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.PARAMETER)
  public @interface TableName {}

  /** Creates the extension; JUnit does. */
  public EmbeddedDynamoDbExtension() {}

  /**
   * A table name that has not been used before, of letters, digits and hyphens, within the 3 to 255
   * characters that DynamoDB takes.
   *
   * @return a new name on each call
   */
  public static String uniqueTableName() {
    return "test-" + UUID.randomUUID();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == DynamoDbClient.class
        || type == EmbeddedDynamoDb.class
        || type == URI.class
        || (type == String.class && parameter.isAnnotated(TableName.class));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == String.class) {
      return uniqueTableName();
    }
    EmbeddedDynamoDb dynamo = running(context);
    if (type == EmbeddedDynamoDb.class) {
      return dynamo;
    }
    if (type == URI.class) {
      return dynamo.endpoint();
    }
    if (type == DynamoDbClient.class) {
      return dynamo.client();
    }
    throw new ParameterResolutionException("No parameter of an embedded DynamoDB: " + type);
  }

  /** The store of the launcher session lives as long as the run and closes what it holds. */
  private static EmbeddedDynamoDb running(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
        .computeIfAbsent(
            EmbeddedDynamoDb.class, key -> EmbeddedDynamoDb.inMemory(), EmbeddedDynamoDb.class);
  }
}
