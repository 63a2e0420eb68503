package dev.utsushi.local.template;

import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Reads standard queues: a stream's on-failure destination can't be a FIFO queue.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html">AWS::SQS::Queue</a>
 */
final class QueueReader {
  private final Map<QueueAttributeName, String> attributes =
      new EnumMap<>(QueueAttributeName.class);
  private final Properties queue;

  private QueueReader(Properties queue) {
    this.queue = queue;
  }

  static Planned.Queue queue(String logicalId, String name, Properties queue) {
    queue.text("QueueName");
    queue.ignore(
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "RedriveAllowPolicy",
        "SqsManagedSseEnabled",
        "Tags");
    var reader = new QueueReader(queue);
    reader.read("DelaySeconds", 0, 900);
    reader.read("MaximumMessageSize", 1_024, 1_048_576);
    reader.read("MessageRetentionPeriod", 60, 1_209_600);
    reader.read("ReceiveMessageWaitTimeSeconds", 0, 20);
    reader.read("VisibilityTimeout", 0, 43_200);
    return new Planned.Queue(
        logicalId, name, reader.attributes, queue.object("RedrivePolicy", QueueReader::redrive));
  }

  private static Planned.Redrive redrive(Properties policy) {
    String target = policy.requiredText("deadLetterTargetArn");
    policy.requiredText("maxReceiveCount");
    return new Planned.Redrive(target, policy.integer("maxReceiveCount", 1, 1_000).orElse(1));
  }

  /** Its attributes have the names that its properties have. */
  private void read(String name, int least, int most) {
    queue
        .integer(name, least, most)
        .ifPresent(
            value -> attributes.put(QueueAttributeName.fromValue(name), Integer.toString(value)));
  }
}
