package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.local.template.TemplateException;
import dev.utsushi.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The synthesized template, run without AWS: with the real function, and with one thing in it
 * changed at a time, which must be noticed.
 */
class TemplateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** For what must not come: it takes far less where it does come. */
  private static final Duration IMPATIENCE = Duration.ofSeconds(10);

  private static final Map<String, Integer> FACTORS =
      Map.of(
          SynthesizedStack.VISITS, SynthesizedStack.VISITS_FACTOR,
          SynthesizedStack.DEALS, SynthesizedStack.DEALS_FACTOR);
  private static final String FUNCTION = "AWS::Lambda::Function";
  private static final String MAPPING = "AWS::Lambda::EventSourceMapping";
  private static final String QUEUE = "AWS::SQS::Queue";

  @TempDir private static Path directory;

  @SuppressWarnings("NullAway.Init") // synthesized once: jsii takes its time
  private static SynthesizedStack stack;

  @BeforeAll
  static void synthesize() throws Exception {
    stack = SynthesizedStack.into(directory);
  }

  @Test
  void copiesChangesAndKeepsFactors() throws Exception {
    try (var checks = new ReplicationChecks(stack.start(resources -> {}), PATIENCE)) {
      checks.aChangeReachesTheIndex(SynthesizedStack.VISITS);
      checks.aChangeReachesTheIndex(SynthesizedStack.DEALS);
      checks.factors(FACTORS);
      checks.runsInAsManyEnvironmentsAsItsFactor(SynthesizedStack.VISITS);
      checks.runsInAsManyEnvironmentsAsItsFactor(SynthesizedStack.DEALS);
    }
  }

  @Test
  void whatIsRefusedIsCapturedAndReplayed() throws Exception {
    try (var checks =
        new DeadLetterChecks(new ReplicationChecks(stack.start(resources -> {}), PATIENCE))) {
      checks.nothingToReplayIsSaidSo(SynthesizedStack.DEALS);
      String refused =
          checks.replication().aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.DEALS);
      checks.replayAppliesWhatWasCaptured(SynthesizedStack.DEALS, refused);
    }
  }

  @Test
  void whatCaptureNeverTakesIsADeadLetter() throws Exception {
    try (var checks = new DeadLetterChecks(checks(TemplateIT::stopCapture))) {
      checks.whatCaptureNeverTakesIsADeadLetter(SynthesizedStack.VISITS);
    }
  }

  @Test
  void aMissingRedriveFailsTheDeadLetterCheck() throws Exception {
    try (var checks =
        new DeadLetterChecks(
            checks(
                resources -> {
                  stopCapture(resources);
                  visits(resources, "Failures", QUEUE).remove("RedrivePolicy");
                }))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.whatCaptureNeverTakesIsADeadLetter(SynthesizedStack.VISITS))
          .withMessageContaining("a dead letter of visits");
    }
  }

  @Test
  void theWrongHandlerFailsTheCaptureCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                visits(resources, "Capture", FUNCTION)
                    .set("Handler", visits(resources, "Replay", FUNCTION).get("Handler")))) {
      failsTheCaptureCheck(checks);
    }
  }

  @Test
  void theWrongQueueInCapturesSettingFailsTheCaptureCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                variables(resources, "Capture")
                    .set(
                        Setting.DEAD_LETTER_QUEUE_URL.variable(),
                        SynthesizedStack.properties(resources, "dealsCapture", FUNCTION)
                            .at("/Environment/Variables")
                            .get(Setting.DEAD_LETTER_QUEUE_URL.variable())))) {
      failsTheCaptureCheck(checks);
    }
  }

  @Test
  void aMissingSettingOfCaptureFailsTheDeployment() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                stack.start(
                    resources ->
                        variables(resources, "Capture").remove(Setting.TABLE_ARN.variable())))
        .withMessageContaining("visitsCaptureFunction")
        .withMessageContaining("UTSUSHI_TABLE_ARN is missing");
  }

  @Test
  void aMissingSettingOfReplayFailsTheReplayCheck() throws Exception {
    try (var checks =
        new DeadLetterChecks(
            checks(
                resources ->
                    variables(resources, "Replay")
                        .remove(Setting.DEAD_LETTER_QUEUE_URL.variable())))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.nothingToReplayIsSaidSo(SynthesizedStack.VISITS))
          .withMessageContaining("UTSUSHI_DEAD_LETTER_QUEUE_URL is missing");
    }
  }

  private static void failsTheCaptureCheck(ReplicationChecks checks) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> checks.aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.VISITS))
        .withMessageContaining("a message in the queue of visits");
  }

  @Test
  void aChangedVariableNameFailsTheDeployment() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                stack.start(
                    resources -> {
                      ObjectNode variables = variables(resources, "Replication");
                      variables.set("UTSUSHI_INDEXX", variables.remove("UTSUSHI_INDEX"));
                    }))
        .withMessageContaining("does not initialise")
        .withMessageContaining("UTSUSHI_INDEXX");
  }

  @Test
  void aChangedHandlerClassIsRefused() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                stack.start(
                    resources ->
                        visits(resources, "Replication", FUNCTION)
                            .put("Handler", "dev.utsushi.lambda.Gone::handleRequest")))
        .withMessageContaining("Handler names a class that is not in its code");
  }

  @Test
  void aFactorOutOfRangeIsRefused() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                stack.start(
                    resources ->
                        visits(resources, "EventSourceMapping", MAPPING)
                            .put("ParallelizationFactor", 11)))
        .withMessageContaining("ParallelizationFactor takes 1 to 10, not 11");
  }

  @Test
  void aDestinationThatIsNotThereIsRefused() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> stack.start(resources -> destination(resources).set(0, "Gone")))
        .withMessageContaining("refers to Gone, which the template does not have");
  }

  @Test
  void aChangedFactorFailsTheFactorsCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                visits(resources, "EventSourceMapping", MAPPING).put("ParallelizationFactor", 2))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.factors(FACTORS))
          .withMessageContaining("factor of visits");
    }
  }

  @Test
  void aChangedDestinationFailsTheQueueCheck() throws Exception {
    try (var checks =
        checks(
            resources -> {
              var other =
                  SynthesizedStack.properties(resources, "dealsEventSourceMapping", MAPPING);
              visits(resources, "EventSourceMapping", MAPPING)
                  .set("DestinationConfig", other.get("DestinationConfig"));
            })) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(
              () -> checks.aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.VISITS))
          .withMessageContaining("a message in the queue of visits");
    }
  }

  @Test
  void aHandlerOfAnotherClassFailsTheIndexCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                visits(resources, "Replication", FUNCTION)
                    .put("Handler", "dev.utsushi.telemetry.Log::handleRequest"))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.aChangeReachesTheIndex(SynthesizedStack.VISITS))
          .withMessageContaining("a document in visits");
    }
  }

  @Test
  void fewerRetriesFailTheQueueCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                visits(resources, "EventSourceMapping", MAPPING).put("MaximumRetryAttempts", 2))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(
              () -> checks.aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.VISITS))
          .withMessageContaining("expected: 4");
    }
  }

  private static ReplicationChecks checks(Consumer<ObjectNode> change) throws Exception {
    return new ReplicationChecks(stack.start(change), IMPATIENCE);
  }

  private static void stopCapture(ObjectNode resources) {
    visits(resources, "CaptureEventSourceMapping", MAPPING).put("Enabled", false);
  }

  private static ObjectNode visits(ObjectNode resources, String part, String type) {
    return SynthesizedStack.properties(resources, SynthesizedStack.VISITS + part, type);
  }

  private static ObjectNode variables(ObjectNode resources, String function) {
    return (ObjectNode) visits(resources, function, FUNCTION).at("/Environment/Variables");
  }

  private static ArrayNode destination(ObjectNode resources) {
    var destination =
        visits(resources, "EventSourceMapping", MAPPING)
            .at("/DestinationConfig/OnFailure/Destination");
    assertThat(destination.path("Fn::GetAtt").size()).isEqualTo(2);
    return (ArrayNode) destination.path("Fn::GetAtt");
  }
}
