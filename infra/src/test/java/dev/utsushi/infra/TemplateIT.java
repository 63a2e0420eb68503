package dev.utsushi.infra;

import dev.utsushi.core.settings.Settings.Setting;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The synthesized template, run without AWS, with the real function. */
class TemplateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final SynthesizedStack stack = SynthesizedStack.once();

  @AfterEach
  void clear() throws Exception {
    stack.clear();
  }

  @Test
  void copiesChangesAndKeepsFactors() throws Exception {
    try (var checks = new ReplicationChecks(stack.start(resources -> {}), PATIENCE)) {
      checks.aChangeReachesTheIndex(SynthesizedStack.VISITS);
      checks.aChangeReachesTheIndex(SynthesizedStack.DEALS);
      checks.factors(SynthesizedStack.FACTORS);
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

  /** As {@code secondChanceSeconds: 1} makes the template. */
  @Test
  void aSecondChanceLeavesNoDeadLetter() throws Exception {
    try (var checks =
        new DeadLetterChecks(
            new ReplicationChecks(
                stack.start(
                    resources -> {
                      Visits.variables(resources, "Capture")
                          .put(Setting.SECOND_CHANCE.variable(), "true");
                      Visits.properties(resources, "Failures", Visits.QUEUE).put("DelaySeconds", 1);
                    }),
                PATIENCE))) {
      checks.aSecondChanceLeavesNoDeadLetter(SynthesizedStack.VISITS);
    }
  }

  @Test
  void whatCaptureNeverTakesIsADeadLetter() throws Exception {
    try (var checks =
        new DeadLetterChecks(new ReplicationChecks(stack.start(Visits::stopCapture), PATIENCE))) {
      checks.whatCaptureNeverTakesIsADeadLetter(SynthesizedStack.VISITS);
    }
  }
}
