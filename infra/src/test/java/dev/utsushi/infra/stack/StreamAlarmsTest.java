package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.Stacks.SEARCH;
import static dev.utsushi.infra.stack.Stacks.SECOND_CHANCE;
import static dev.utsushi.infra.stack.Stacks.SECRET;
import static dev.utsushi.infra.stack.Stacks.STREAMS;
import static dev.utsushi.infra.stack.Stacks.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Template;

class StreamAlarmsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> OF_ONE_STREAM =
      List.of(
          "IteratorAge Maximum 10000.0",
          "Errors Sum 1.0",
          "Throttles Sum 1.0",
          "ApproximateNumberOfMessagesVisible Maximum 1.0",
          "ApproximateAgeOfOldestMessage Maximum 14400.0",
          "DroppedEventCount Sum 1.0",
          "ApproximateAgeOfOldestMessage Maximum 900.0",
          "Errors Sum 1.0",
          "Duration Maximum 24000.0",
          "ApproximateNumberOfMessagesVisible Maximum 1.0",
          // An expression over metrics.
          "  1.0");

  @Test
  void eachStreamHasThemAll() {
    List<String> expected = new ArrayList<>(OF_ONE_STREAM);
    expected.addAll(OF_ONE_STREAM);
    assertThat(
            alarms(Stacks.template(SECRET + STREAMS)).stream()
                .map(
                    alarm ->
                        "%s %s %s"
                            .formatted(
                                alarm.path("MetricName").asText(),
                                alarm.path("Statistic").asText(),
                                alarm.path("Threshold").asDouble())))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whatWaitsForItsSecondChanceIsNotLate() {
    assertThat(
            alarms(Stacks.template(SECRET + SECOND_CHANCE + STREAMS)).stream()
                .filter(alarm -> alarm.toString().contains("Failures"))
                .map(alarm -> alarm.path("Threshold").asInt()))
        .containsExactly(960, 960);
  }

  @Test
  void thoseOfCaptureAreOfItsQueueAndItsFunction() {
    assertThat(alarms(Stacks.template(SECRET + STREAMS)))
        .filteredOn(alarm -> alarm.path("Threshold").asInt() == 900)
        .hasSize(2)
        .allSatisfy(alarm -> assertThat(alarm.path("Dimensions").toString()).contains("Failures"));
    assertThat(alarms(Stacks.template(SECRET + STREAMS)))
        .filteredOn(alarm -> alarm.path("MetricName").asText().equals("Errors"))
        .filteredOn(alarm -> alarm.path("Dimensions").toString().contains("Capture"))
        .hasSize(2);
  }

  @Test
  void theyAreAboutThisStreamAndSayWhatToDo() {
    for (JsonNode alarm : alarms(Stacks.template(SECRET + STREAMS))) {
      if (!alarm.has("Metrics")) {
        assertThat(alarm.path("Dimensions").size()).isEqualTo(1);
        assertThat(alarm.path("Dimensions").path(0).path("Value").isObject()).isTrue();
      }
      assertThat(alarm.path("AlarmDescription").asText())
          .matches(
              "Utsushi: (\\S+) .+\\. Run: \\./utsushi (status|dlq list) --stack \\S+ --stream \\1");
      assertThat(alarm.path("TreatMissingData").asText()).isEqualTo("notBreaching");
    }
  }

  /** The iterator age exists only while the function runs. */
  @Test
  void writesThatNobodyPollsAreTold() {
    assertThat(alarms(Stacks.template(SECRET + STREAMS)))
        .filteredOn(alarm -> alarm.has("Metrics"))
        .hasSize(2)
        .allSatisfy(
            alarm -> {
              assertThat(alarm.path("EvaluationPeriods").asInt()).isEqualTo(8);
              assertThat(alarm.path("DatapointsToAlarm").asInt()).isEqualTo(2);
              assertThat(alarm.path("Metrics").toString())
                  .contains("ConsumedWriteCapacityUnits", "PolledEventCount", "\"Period\":900")
                  .contains("EventSourceMappingUUID", "TableName");
            });
  }

  @Test
  void aNewDomainHasItsOwn() {
    assertThat(
            alarms(Stacks.template(SEARCH + STREAMS)).stream()
                .filter(alarm -> alarm.path("Namespace").asText().equals("AWS/ES"))
                .map(
                    alarm ->
                        "%s %s %s %s"
                            .formatted(
                                alarm.path("MetricName").asText(),
                                alarm.path("Statistic").asText(),
                                alarm.path("Threshold").asInt(),
                                alarm.path("EvaluationPeriods").asInt())))
        .containsExactlyInAnyOrder(
            "ClusterStatus.red Maximum 1 1",
            "ClusterIndexWritesBlocked Maximum 1 5",
            "JVMMemoryPressure Maximum 95 3",
            "FreeStorageSpace Minimum 12800 1");
  }

  /** A comparison of two series takes a missing value for 0; FILL of no series may be nothing. */
  @Test
  void whatWasNeverPolledCountsAsNone() {
    assertThat(alarms(Stacks.template(SECRET + STREAMS)).toString())
        .contains("FILL((writes > 0) > (polled > 0), 0)");
  }

  @Test
  void anAlarmOfAStreamHasItsThresholdOrIsOff() {
    String own =
        "    alarms: { Errors: 5, IteratorAge: 60000, Throttles: off, NothingPolled: off }\n";
    Template template = Stacks.template(SECRET + STREAMS + own);
    assertThat(thresholds(template, "deals"))
        .containsEntry("Errors", 5)
        .containsEntry("IteratorAge", 60_000)
        .containsEntry("DeadLetters", 1)
        .doesNotContainKeys("Throttles", "NothingPolled")
        .hasSize(9);
    assertThat(thresholds(template, "activitylogs"))
        .containsEntry("Errors", 1)
        .containsEntry("IteratorAge", 10_000)
        .hasSize(11);
  }

  /** Until the next verification ends, the alarm stays as the last one left it. */
  @Test
  void driftIsAnAlarmWhereVerificationsHaveASchedule() {
    String verify = "    verify: { schedule: rate(1 day) }\n";
    Template template = Stacks.template(SECRET + STREAMS + verify);
    assertThat(thresholds(template, "deals")).containsEntry("Drift", 1);
    assertThat(thresholds(template, "activitylogs")).doesNotContainKey("Drift");
    assertThat(alarms(template))
        .filteredOn(alarm -> alarm.path("MetricName").asText().equals("Drift"))
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.path("Namespace").asText()).isEqualTo("Utsushi");
              assertThat(alarm.path("Statistic").asText()).isEqualTo("Maximum");
              assertThat(alarm.path("TreatMissingData").asText()).isEqualTo("ignore");
              assertThat(alarm.path("Dimensions").findValuesAsText("Value"))
                  .containsExactly("deals", "utsushi");
              assertThat(alarm.path("AlarmDescription").asText())
                  .isEqualTo(
                      "Utsushi: deals differs from its table. Compare again and repair. Run:"
                          + " ./utsushi verify --repair --stack utsushi --stream deals");
            });
    String off = verify + "    alarms: { Drift: off }\n";
    assertThat(thresholds(Stacks.template(SECRET + STREAMS + off), "deals"))
        .doesNotContainKey("Drift");
  }

  @Test
  void anAlarmOfTheDomainHasItsThresholdOrIsOff() {
    String own = "search: { newDomain: { alarms: { Storage: 4096, Memory: 80, Red: off } } }\n";
    assertThat(thresholds(Stacks.template(own + STREAMS), "Search"))
        .containsOnly(entry("Storage", 4096), entry("Memory", 80), entry("WritesBlocked", 1));
  }

  /** Thresholds by the alarm's name, of one stream or of the domain. */
  private static Map<String, Integer> thresholds(Template template, String scope) {
    JsonNode resources = JSON.valueToTree(template.findResources("AWS::CloudWatch::Alarm"));
    return resources
        .propertyStream()
        .filter(alarm -> alarm.getKey().startsWith(scope + "Alarms"))
        .collect(
            Collectors.toMap(
                alarm -> alarm.getKey().replaceFirst(scope + "Alarms(\\w+).{8}", "$1"),
                alarm -> alarm.getValue().at("/Properties/Threshold").asInt()));
  }

  @Test
  void theTopicIsTold() {
    Template template = Stacks.template(TOPIC + SEARCH + STREAMS);
    String topic = "arn:aws:sns:eu-central-1:123456789012:on-call";
    template.allResourcesProperties(
        "AWS::CloudWatch::Alarm",
        Map.of("AlarmActions", List.of(topic), "OKActions", List.of(topic)));
  }

  private static List<JsonNode> alarms(Template template) {
    JsonNode resources = JSON.valueToTree(template.findResources("AWS::CloudWatch::Alarm"));
    List<JsonNode> alarms = new ArrayList<>();
    resources.forEach(resource -> alarms.add(resource.path("Properties")));
    return alarms;
  }
}
