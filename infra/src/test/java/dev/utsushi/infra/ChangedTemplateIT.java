package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.template.TemplateException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The synthesized template with one thing in it changed at a time, which must be noticed. */
class ChangedTemplateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** For what must not come: it takes far less where it does come. */
  private static final Duration IMPATIENCE = Duration.ofSeconds(10);

  private final SynthesizedStack stack = SynthesizedStack.once();

  @AfterEach
  void clear() throws Exception {
    stack.clear();
  }

  @Test
  void aMissingRedriveFailsTheDeadLetterCheck() throws Exception {
    try (var checks =
        new DeadLetterChecks(
            checks(
                resources -> {
                  Visits.stopCapture(resources);
                  Visits.properties(resources, "Failures", Visits.QUEUE).remove("RedrivePolicy");
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
                Visits.properties(resources, "Capture", Visits.FUNCTION)
                    .set(
                        "Handler",
                        Visits.properties(resources, "Replay", Visits.FUNCTION).get("Handler")))) {
      failsTheCaptureCheck(checks);
    }
  }

  @Test
  void theWrongQueueInCapturesSettingFailsTheCaptureCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                Visits.variables(resources, "Capture")
                    .set(
                        Setting.DEAD_LETTER_QUEUE_URL.variable(),
                        SynthesizedStack.properties(resources, "dealsCapture", Visits.FUNCTION)
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
                        Visits.variables(resources, "Capture")
                            .remove(Setting.TABLE_ARN.variable())))
        .withMessageContaining("visitsCaptureFunction")
        .withMessageContaining("UTSUSHI_TABLE_ARN is missing");
  }

  @Test
  void aMissingSettingOfReplayFailsTheReplayCheck() throws Exception {
    try (var checks =
        new DeadLetterChecks(
            checks(
                resources ->
                    Visits.variables(resources, "Replay")
                        .remove(Setting.DEAD_LETTER_QUEUE_URL.variable())))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.nothingToReplayIsSaidSo(SynthesizedStack.VISITS))
          .withMessageContaining("UTSUSHI_DEAD_LETTER_QUEUE_URL is missing");
    }
  }

  @Test
  void aChangedVariableNameFailsTheDeployment() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                stack.start(
                    resources -> {
                      ObjectNode variables = Visits.variables(resources, "Replication");
                      variables.set("UTSUSHI_INDEXX", variables.remove("UTSUSHI_INDEX"));
                    }))
        .withMessageContaining("does not initialize")
        .withMessageContaining("UTSUSHI_INDEXX");
  }

  @Test
  void aChangedHandlerClassIsRefused() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(
            () ->
                stack.start(
                    resources ->
                        Visits.properties(resources, "Replication", Visits.FUNCTION)
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
                        Visits.properties(resources, "EventSourceMapping", Visits.MAPPING)
                            .put("ParallelizationFactor", 11)))
        .withMessageContaining("ParallelizationFactor must be 1 to 10, not 11");
  }

  @Test
  void aDestinationThatIsNotThereIsRefused() {
    assertThatExceptionOfType(TemplateException.class)
        .isThrownBy(() -> stack.start(resources -> Visits.destination(resources).set(0, "Gone")))
        .withMessageContaining("refers to Gone.Arn, which is not in the template");
  }

  @Test
  void aChangedFactorFailsTheFactorsCheck() throws Exception {
    try (var checks =
        checks(
            resources ->
                Visits.properties(resources, "EventSourceMapping", Visits.MAPPING)
                    .put("ParallelizationFactor", 2))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.factors(SynthesizedStack.FACTORS))
          .withMessageContaining("factor of visits");
    }
  }

  @Test
  void aChangedDestinationFailsTheQueueCheck() throws Exception {
    try (var checks =
        checks(
            resources -> {
              var other =
                  SynthesizedStack.properties(resources, "dealsEventSourceMapping", Visits.MAPPING);
              Visits.properties(resources, "EventSourceMapping", Visits.MAPPING)
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
                Visits.properties(resources, "Replication", Visits.FUNCTION)
                    .put("Handler", "dev.utsushi.core.telemetry.Log::handleRequest"))) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> checks.aChangeReachesTheIndex(SynthesizedStack.VISITS))
          .withMessageContaining("a document in visits");
    }
  }

  @Test
  void fewerRetriesFailTheQueueCheck() throws Exception {
    try (var checks =
        new ReplicationChecks(
            stack.start(
                resources ->
                    Visits.properties(resources, "EventSourceMapping", Visits.MAPPING)
                        .put("MaximumRetryAttempts", 2)),
            PATIENCE)) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(
              () -> checks.aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.VISITS))
          .withMessageContaining("expected: 4");
    }
  }

  private ReplicationChecks checks(Consumer<ObjectNode> change) throws Exception {
    return new ReplicationChecks(stack.start(change), IMPATIENCE);
  }

  private static void failsTheCaptureCheck(ReplicationChecks checks) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> checks.aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.VISITS))
        .withMessageContaining("a message in the queue of visits");
  }
}
