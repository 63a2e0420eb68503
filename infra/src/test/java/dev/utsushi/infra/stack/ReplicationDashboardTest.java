package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplicationDashboardTest {

  @Test
  void oneForAllStreams() {
    var dashboards = Stacks.template(SECRET + STREAMS).findResources("AWS::CloudWatch::Dashboard");

    assertThat(dashboards).hasSize(1);
    assertThat(dashboards.toString())
        .contains("activity-logs", "deals")
        .contains("SuccessfulRequestLatency", "PolledEventCount", "Applied", "Superseded")
        .contains("p50", "p90", "p99", "IteratorAge", "ConcurrentExecutions")
        .contains("ApproximateNumberOfMessagesDelayed", "OnFailureDestinationDeliveredEventCount")
        .contains("\"Applied\",\"Index\",\"deals\",\"Stack\",\"utsushi\"")
        .contains("Deferred", "Rejected", "Unreadable", "ApproximateNumberOfMessagesVisible");
  }
}
