package dev.utsushi.infra.stack;

import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.ResourcePolicy;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.opensearchservice.LoggingOptions;
import software.constructs.Construct;

/**
 * Where the domain tells of slow searches, slow writes and errors: the domain checks the permission
 * as it is made.
 */
record DomainLogs(LoggingOptions options, ResourcePolicy permission) {

  static DomainLogs of(Construct scope, String domainName) {
    LogGroup group =
        LogGroup.Builder.create(scope, "Logs")
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    return new DomainLogs(options(group), permission(scope, domainName, group));
  }

  private static ResourcePolicy permission(Construct scope, String domainName, LogGroup group) {
    return ResourcePolicy.Builder.create(scope, "LogsPolicy")
        .resourcePolicyName(domainName + "-opensearch-logs")
        .policyStatements(
            List.of(
                PolicyStatement.Builder.create()
                    .principals(List.of(new ServicePrincipal("es.amazonaws.com")))
                    .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
                    .resources(List.of(group.getLogGroupArn()))
                    .build()))
        .build();
  }

  private static LoggingOptions options(LogGroup group) {
    return LoggingOptions.builder()
        .slowSearchLogEnabled(true)
        .slowSearchLogGroup(group)
        .slowIndexLogEnabled(true)
        .slowIndexLogGroup(group)
        .appLogEnabled(true)
        .appLogGroup(group)
        .build();
  }
}
