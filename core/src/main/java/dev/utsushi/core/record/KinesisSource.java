package dev.utsushi.core.record;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Kinesis stream that receives a table's changes.
 *
 * @param streamArn the Kinesis stream
 * @param since the label of its changes' versions: the time since which the table sends its changes
 *     there, in the form of a DynamoDB stream's label
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html">Kinesis
 *     Data Streams for DynamoDB</a>
 */
public record KinesisSource(String streamArn, String since) {
  private static final String SERVICE = ":kinesis:";

  /** Returns the ARN of the stream, given its own or that of a consumer with enhanced fan-out. */
  public static String ofStream(String arn) {
    int consumer = arn.indexOf("/consumer/");
    return isKinesis(arn) && consumer > 0 ? arn.substring(0, consumer) : arn;
  }

  /** Returns whether an ARN is that of a Kinesis stream. */
  public static boolean isKinesis(String streamArn) {
    return streamArn.startsWith("arn:") && streamArn.contains(SERVICE);
  }

  /**
   * Returns where the changes of a table may come from.
   *
   * @param kinesisStreamArn the Kinesis stream that they go to; null for none
   */
  public static Set<String> sources(String tableArn, @Nullable String kinesisStreamArn) {
    return kinesisStreamArn == null ? Set.of(tableArn) : Set.of(tableArn, kinesisStreamArn);
  }

  /** Returns the ARN of a table in the account and region of a Kinesis stream. */
  static String tableArn(String streamArn, String tableName) {
    String prefix = streamArn.substring(0, streamArn.lastIndexOf(':') + 1);
    return prefix.replace(SERVICE, ":dynamodb:") + "table/" + tableName;
  }
}
