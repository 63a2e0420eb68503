package dev.utsushi.local.permission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.utsushi.local.proxy.FaultProxy.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A role does something to a resource.
 *
 * @param role its logical id; empty for a request without a signature
 * @param action as policies name it, such as {@code dynamodb:PutItem}
 * @param resource the ARN
 * @see <a
 *     href="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html">Actions
 *     and resources</a>
 */
public record Access(String role, String action, String resource) {
  static final String ACCOUNT = "000000000000";

  private static final String ARN = "arn:aws:%s:us-east-1:" + ACCOUNT + ":%s";
  private static final Pattern ACCESS_KEY = Pattern.compile("Credential=(\\w+)/");
  private static final Pattern STREAM = Pattern.compile("arn:aws:dynamodb:[^|]*/stream/[^|]*");
  private static final JsonMapper JSON = new JsonMapper();

  /** The entries of a batch need the permission for one of them. */
  private static final String BATCH = "Batch$";

  /** What a transaction calls the entries that IAM knows by these actions. */
  private static final Map<String, String> TRANSACTION =
      Map.of(
          "Put", "PutItem",
          "Update", "UpdateItem",
          "Delete", "DeleteItem",
          "ConditionCheck", "ConditionCheckItem",
          "Get", "GetItem");

  /** Returns the ARN of a role. */
  public static String roleArn(String role) {
    return "arn:aws:iam::%s:role/%s".formatted(ACCOUNT, role);
  }

  /** Returns the ARN of any stream of a log group. */
  public static String logStreams(String group) {
    return ARN.formatted("logs", "log-group:" + group + ":log-stream:any");
  }

  /** Returns the accesses of a request to an AWS service in the form that its JSON API has. */
  public static List<Access> of(Request request) {
    String target = request.header("x-amz-target");
    String operation = target.substring(target.indexOf('.') + 1);
    JsonNode body = parse(request.body());
    String role = role(request);
    return switch (target.replaceFirst("[_.].*", "")) {
      case "DynamoDB" -> ofTable(role, operation, body);
      case "DynamoDBStreams" -> List.of(new Access(role, "dynamodb:" + operation, stream(body)));
      case "AmazonSQS" -> {
        String queue = body.path("QueueUrl").asText().replaceFirst("^.*/", "");
        String action = "sqs:" + operation.replaceFirst(BATCH, "");
        yield List.of(new Access(role, action, ARN.formatted("sqs", queue)));
      }
      case "Logs" -> {
        String group = body.path("logGroupName").asText();
        yield List.of(new Access(role, "logs:" + operation, logStreams(group)));
      }
      default -> throw new IllegalArgumentException("no permission is known for " + target);
    };
  }

  /**
   * Returns the access of a request to a domain.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html">Access
   *     control</a>
   */
  public static Access of(Request request, String domainArn) {
    String method =
        request.method().charAt(0) + request.method().substring(1).toLowerCase(Locale.ROOT);
    String path = request.path().replaceFirst("\\?.*", "");
    return new Access(role(request), "es:ESHttp" + method, domainArn + path);
  }

  private static String role(Request request) {
    Matcher key = ACCESS_KEY.matcher(request.header("authorization"));
    return key.find() ? key.group(1) : "";
  }

  private static List<Access> ofTable(String role, String operation, JsonNode body) {
    return switch (operation) {
      case "TransactWriteItems", "TransactGetItems" -> {
        List<Access> accesses = new ArrayList<>();
        for (JsonNode item : body.path("TransactItems")) {
          item.properties()
              .forEach(
                  entry ->
                      accesses.add(
                          table(
                              role,
                              Objects.requireNonNull(TRANSACTION.get(entry.getKey())),
                              entry.getValue().path("TableName").asText())));
        }
        yield accesses;
      }
      case "BatchGetItem", "BatchWriteItem" ->
          Stream.of(body.path("RequestItems"))
              .flatMap(items -> items.propertyStream())
              .map(items -> table(role, operation, items.getKey()))
              .toList();
      default -> List.of(table(role, operation, body.path("TableName").asText()));
    };
  }

  private static Access table(String role, String operation, String table) {
    return new Access(role, "dynamodb:" + operation, ARN.formatted("dynamodb", "table/" + table));
  }

  /** DynamoDB Local's iterators hold the ARN of their stream. */
  private static String stream(JsonNode body) {
    String text = body.path("StreamArn").asText() + body.path("ShardIterator").asText();
    Matcher arn = STREAM.matcher(text);
    return arn.find() ? arn.group() : text;
  }

  private static JsonNode parse(String body) {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a request that is not JSON", e);
    }
  }

  @Override
  public String toString() {
    return "%s on %s by %s".formatted(action, resource, role.isEmpty() ? "nobody" : role);
  }
}
