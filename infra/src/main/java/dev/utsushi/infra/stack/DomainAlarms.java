package dev.utsushi.infra.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.infra.settings.StackSettings.NewDomain;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.opensearchservice.Domain;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/**
 * The alarms of a new domain, with the thresholds that <a
 * href="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/cloudwatch-alarms.html">Amazon
 * OpenSearch Service</a> recommends.
 */
final class DomainAlarms extends Construct {
  private static final MetricOptions EACH_MINUTE =
      MetricOptions.builder().period(Duration.minutes(1)).build();
  private static final int MIB_IN_GIB = 1024;

  private final NewDomain settings;
  private final Optional<ITopic> topic;

  /**
   * Creates the alarms.
   *
   * @param settings thresholds of its own, and the size of each data node's volume
   */
  DomainAlarms(Construct scope, Domain domain, NewDomain settings, Optional<ITopic> topic) {
    super(scope, "Alarms");
    this.settings = settings;
    this.topic = topic;
    above(
        "Red",
        domain.metricClusterStatusRed(EACH_MINUTE),
        1,
        1,
        "has lost all copies of a shard. Restore its index from a snapshot");
    above(
        "WritesBlocked",
        domain.metricClusterIndexWritesBlocked(EACH_MINUTE),
        1,
        5,
        "blocks writes, so changes wait and become dead letters. Add storage or memory");
    above(
        "Memory",
        domain.metricJVMMemoryPressure(EACH_MINUTE),
        95,
        3,
        "is short of memory and may drop requests. Take a larger instance type");
    alarm(
        "Storage",
        domain.metricFreeStorageSpace(EACH_MINUTE),
        ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
        settings.volumeGib() * MIB_IN_GIB / 4,
        1,
        "has a node with less than a quarter of its storage left. Raise volumeGib");
  }

  private void above(String id, IMetric metric, int threshold, int minutes, String what) {
    ComparisonOperator above = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    alarm(id, metric, above, threshold, minutes, what);
  }

  private void alarm(
      String id,
      IMetric metric,
      ComparisonOperator operator,
      int threshold,
      int minutes,
      String what) {
    JsonNode own = settings.alarms().get(id);
    if (own != null && !own.isNumber()) {
      return;
    }
    Alarm alarm =
        Alarm.Builder.create(this, id)
            .alarmDescription(
                "Utsushi: the domain %s. Run: ./utsushi status --stack %s"
                    .formatted(what, Stack.of(this).getStackName()))
            .metric(metric)
            .threshold(own == null ? threshold : own.intValue())
            .comparisonOperator(operator)
            .evaluationPeriods(minutes)
            .treatMissingData(TreatMissingData.NOT_BREACHING)
            .build();
    topic.map(SnsAction::new).ifPresent(alarm::addAlarmAction);
    topic.map(SnsAction::new).ifPresent(alarm::addOkAction);
  }
}
