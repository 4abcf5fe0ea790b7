package dev.larder.dynamodb;

import dev.larder.storage.EntryTooLargeException;
import dev.larder.storage.StorageException;
import dev.larder.storage.StorageException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * Turns the SDK's exceptions into ours: each names the table, says what is wrong and how to mend
 * it, and whether it is of any use to go on asking.
 */
final class Failures {
  /** What DynamoDB says of a key that does not fit the table; the last two only the emulator. */
  private static final List<String> OTHER_SCHEMA =
      List.of(
          "key element does not match the schema",
          "Missing the key",
          "Type mismatch for key",
          "number of conditions on the keys is invalid",
          "One of the required keys was not given a value");

  private Failures() {}

  static StorageException translate(
      SdkException e, String operation, String table, TableSetup setup) {
    if (e instanceof ResourceNotFoundException) {
      return setup.missing(e);
    }
    if (e instanceof AwsServiceException service) {
      return translate(service, operation, table);
    }
    return unreachable(e, operation, table);
  }

  private static StorageException translate(AwsServiceException e, String operation, String table) {
    String code =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    String said =
        String.valueOf(
            e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage());
    String where = operation + " on table \"" + table + "\"";
    return switch (code) {
      case "AccessDeniedException" ->
          new StorageException(
              "no permission for dynamodb:"
                  + where
                  + "; allow it in the IAM policy of these credentials ("
                  + said
                  + ")",
              e,
              Kind.UNUSABLE);
      case "UnrecognizedClientException",
          "InvalidSignatureException",
          "ExpiredTokenException",
          "InvalidClientTokenId" ->
          new StorageException(
              "the AWS credentials were refused for "
                  + where
                  + "; renew or replace them ("
                  + said
                  + ")",
              e,
              Kind.UNUSABLE);
      case "ProvisionedThroughputExceededException",
          "ThrottlingException",
          "RequestLimitExceeded" ->
          new StorageException(
              where + " is throttled; raise the table's capacity or spread the load (" + said + ")",
              e);
      case "ValidationException" -> invalid(e, said, where, table);
      default -> new StorageException(where + " failed: " + code + ": " + said, e);
    };
  }

  private static StorageException invalid(
      AwsServiceException e, String said, String where, String table) {
    if (OTHER_SCHEMA.stream().anyMatch(said::contains)) {
      return new StorageException(
          "table \""
              + table
              + "\" has another key schema; Larder needs a partition key named \"key\" of type S and no sort key."
              + " Choose another table name or create the table anew (DynamoDB cannot change a key schema)",
          e,
          Kind.UNUSABLE);
    }
    if (said.contains("tem size has exceeded")
        || said.contains("tem size to update has exceeded")) {
      return new EntryTooLargeException("the item is larger than DynamoDB's 400 KB: " + where);
    }
    return new StorageException(where + " was refused: " + said, e, Kind.UNAFFECTED);
  }

  private static StorageException unreachable(SdkException e, String operation, String table) {
    String where = operation + " on table \"" + table + "\"";
    String said = String.valueOf(e.getMessage());
    if (said.contains("Unable to load credentials")) {
      return new StorageException(
          "no AWS credentials were found for "
              + where
              + "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile, or pass .credentials(..)",
          e,
          Kind.UNUSABLE);
    }
    Throwable cause = rootCause(e);
    if (cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof NoRouteToHostException) {
      return new StorageException(
          "DynamoDB cannot be reached for "
              + where
              + "; check the endpoint, the region and the network ("
              + cause
              + ")",
          e);
    }
    return new StorageException(where + " failed: " + said, e);
  }

  private static Throwable rootCause(Throwable e) {
    Throwable cause = e;
    for (@Nullable Throwable next = e;
        next != null;
        next = next.getCause() == next ? null : next.getCause()) {
      cause = next;
    }
    return cause;
  }
}
