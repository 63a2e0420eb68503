package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StreamSettings;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.CfnEventSourceMapping;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * What takes care of a stream's failures: capture keeps their records, replay copies them. Each
 * with a role of its own and what it does as permissions.
 */
final class DeadLetterFunctions {
  private static final int BATCH_SIZE = 10;

  private final Construct stream;
  private final StreamSettings settings;
  private final SourceTable table;
  private final StreamQueues queues;
  private final Surroundings surroundings;

  DeadLetterFunctions(
      Construct stream,
      StreamSettings settings,
      SourceTable table,
      StreamQueues queues,
      Surroundings surroundings) {
    this.stream = stream;
    this.settings = settings;
    this.table = table;
    this.queues = queues;
    this.surroundings = surroundings;
  }

  StreamFunction capture() {
    StreamFunction capture =
        function(
            FunctionKind.CAPTURE,
            FunctionSettings.ofCapture(settings, surroundings.search(), table, queues));
    allowReadingBack(capture.role());
    allow(
        capture.role(),
        queues.failures(),
        // Lambda polls in the function's name.
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage");
    allow(capture.role(), queues.deadLetters(), "sqs:SendMessage");
    if (FunctionKind.CAPTURE.reachesIndex(settings)) {
      surroundings.search().admit(capture.role(), IndexAccess.toWrite(settings.index()));
    }
    CfnEventSourceMapping.Builder.create(capture, "EventSourceMapping")
        .eventSourceArn(queues.failures().getQueueArn())
        .functionName(capture.invokedArn())
        .functionResponseTypes(List.of("ReportBatchItemFailures"))
        .batchSize(BATCH_SIZE)
        .build()
        // Lambda refuses a mapping whose queue the role may not read yet.
        .getNode()
        .addDependency(capture.role());
    return capture;
  }

  StreamFunction replay() {
    StreamFunction replay =
        function(
            FunctionKind.REPLAY,
            FunctionSettings.ofReplay(settings, surroundings.search(), table, queues));
    allowReadingBack(replay.role());
    allow(
        replay.role(),
        queues.deadLetters(),
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:ReceiveMessage");
    surroundings.search().admit(replay.role(), IndexAccess.toWriteAndLook(settings.index()));
    return replay;
  }

  private StreamFunction function(FunctionKind kind, FunctionSettings variables) {
    return new StreamFunction(stream, kind, settings, variables, surroundings);
  }

  private void allowReadingBack(Role role) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("dynamodb:GetRecords", "dynamodb:GetShardIterator"))
            .resources(List.of(table.everyStreamArn()))
            .build());
    Suppressions.of(role)
        .addToChildren(
            "AwsSolutions-IAM5",
            "A stream that was switched off and on again has a new ARN; what failed of the old one"
                + " can be read back for 24 hours.",
            RegexAppliesTo.builder().regex("/^Resource::.+\\/stream\\/\\*$/").build());
  }

  private static void allow(Role role, Queue queue, String... actions) {
    role.addToPrincipalPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of(actions))
            .resources(List.of(queue.getQueueArn()))
            .build());
  }
}
