package dev.utsushi.local.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.local.proxy.FaultProxy.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessTest {
  private static final String TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/t";
  private static final String STREAM = "arn:aws:dynamodb:ddblocal:000000000000:table/t/stream/1";
  private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "DynamoDB_20120810.Scan; {\"TableName\":\"t\"}; dynamodb:Scan; " + TABLE,
        "DynamoDB_20120810.BatchGetItem; {\"RequestItems\":{\"t\":{}}}; dynamodb:BatchGetItem; "
            + TABLE,
        "DynamoDBStreams_20120810.GetShardIterator; {\"StreamArn\":\""
            + STREAM
            + "\"}; dynamodb:GetShardIterator; "
            + STREAM,
        "DynamoDBStreams_20120810.GetRecords; {\"ShardIterator\":\"000|"
            + STREAM
            + "|x\"}; dynamodb:GetRecords; "
            + STREAM,
        "AmazonSQS.SendMessage; {\"QueueUrl\":\"http://127.0.0.1:1/0/q\"}; sqs:SendMessage; "
            + QUEUE,
        "AmazonSQS.DeleteMessageBatch; {\"QueueUrl\":\"http://h/0/q\"}; sqs:DeleteMessage; " + QUEUE
      })
  void aRequestNeedsOnePermission(String target, String body, String action, String resource) {
    assertThat(Access.of(request(target, body)))
        .containsExactly(new Access("SomeRole", action, resource));
  }

  @Test
  void aTransactionNeedsThePermissionsOfItsEntries() {
    String body =
        """
        {"TransactItems":[{"Update":{"TableName":"t"}},{"ConditionCheck":{"TableName":"t"}}]}\
        """;
    assertThat(Access.of(request("DynamoDB_20120810.TransactWriteItems", body)))
        .containsExactly(
            new Access("SomeRole", "dynamodb:UpdateItem", TABLE),
            new Access("SomeRole", "dynamodb:ConditionCheckItem", TABLE));
  }

  @Test
  void aRequestToADomainNeedsItsMethodOnItsPath() {
    var request = new Request(1, "POST", "/i-write/_bulk?filter_path=x", "", head("es", ""));
    assertThat(Access.of(request, "arn:d"))
        .isEqualTo(new Access("SomeRole", "es:ESHttpPost", "arn:d/i-write/_bulk"));
    assertThat(Access.of(new Request(1, "GET", "/i", ""), "arn:d"))
        .isEqualTo(new Access("", "es:ESHttpGet", "arn:d/i"));
  }

  @Test
  void whatIsNotKnownIsRefused() {
    assertThatThrownBy(() -> Access.of(request("Other_1.Call", "{}")))
        .hasMessageContaining("Other_1.Call");
  }

  private static Request request(String target, String body) {
    return new Request(1, "POST", "/", body, head("dynamodb", target));
  }

  private static String head(String service, String target) {
    return "POST / HTTP/1.1\r\nX-Amz-Target: %s\r\nAuthorization: AWS4-HMAC-SHA256 Credential=SomeRole/20261128/us-east-1/%s/aws4_request, SignedHeaders=host\r\n\r\n"
        .formatted(target, service);
  }
}
