package dev.utsushi.construct;

import dev.utsushi.core.run.SegmentQueue.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.iam.ServicePrincipalOpts;
import software.amazon.awscdk.services.scheduler.CfnSchedule;
import software.amazon.awscdk.services.scheduler.CfnSchedule.FlexibleTimeWindowProperty;
import software.amazon.awscdk.services.scheduler.CfnSchedule.TargetProperty;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** Starts a stream's runs by messages in the queue of segments. */
final class StreamSchedules extends Construct {
  private final Queue segments;
  private final Role role;

  StreamSchedules(Construct stream, ReplicationProps props, Queue segments) {
    super(stream, "Schedules");
    this.segments = segments;
    role = role(props);
    if (props.verifySchedule != null) {
      Start verify = Start.verify(props.verifyRepair, props.verifySample, props.verifyReadCapacity);
      schedule("Verify", props.verifySchedule, verify);
    }
    if (props.purgeSchedule != null) {
      schedule("Purge", props.purgeSchedule, Start.purge());
    }
  }

  /** The policy is the role's own: a rate sends its first message at once. */
  private Role role(ReplicationProps props) {
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(allow(segments.getQueueArn(), "sqs:SendMessage"));
    props.key.ifPresent(
        key -> statements.add(allow(key.getKeyArn(), "kms:Decrypt", "kms:GenerateDataKey")));
    var account = Map.of("aws:SourceAccount", Stack.of(this).getAccount());
    return Role.Builder.create(this, "Role")
        .description("Utsushi: starts runs of " + props.index)
        .assumedBy(
            new ServicePrincipal(
                "scheduler.amazonaws.com",
                ServicePrincipalOpts.builder().conditions(Map.of("StringEquals", account)).build()))
        .inlinePolicies(
            Map.of("Send", PolicyDocument.Builder.create().statements(statements).build()))
        .build();
  }

  private static PolicyStatement allow(String resource, String... actions) {
    return PolicyStatement.Builder.create()
        .actions(List.of(actions))
        .resources(List.of(resource))
        .build();
  }

  private void schedule(String id, String expression, Start start) {
    CfnSchedule.Builder.create(this, id)
        .scheduleExpression(expression)
        .flexibleTimeWindow(FlexibleTimeWindowProperty.builder().mode("OFF").build())
        .target(
            TargetProperty.builder()
                .arn(segments.getQueueArn())
                .roleArn(role.getRoleArn())
                .input(start.toJson())
                .build())
        .build();
  }
}
