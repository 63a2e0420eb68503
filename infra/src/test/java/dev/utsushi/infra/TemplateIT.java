package dev.utsushi.infra;

import dev.utsushi.local.template.RunningTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The synthesized template, run without AWS, with the real function. */
class TemplateIT {
  /** A copy of {@link SynthesizedStack#VISITS}, without its capture. */
  private static final String UNCAPTURED = "uncaptured";

  private static final SynthesizedStack STACK = SynthesizedStack.once();

  private static RunningTemplate running;

  @BeforeAll
  static void start() throws Exception {
    running =
        STACK.start(
            resources -> {
              SynthesizedStack.copy(resources, SynthesizedStack.VISITS, UNCAPTURED);
              new StreamPart(resources, UNCAPTURED).stopCapture();
            });
  }

  @AfterAll
  static void clear() throws Exception {
    running.close();
    STACK.clear();
  }

  @Test
  void copiesChangesAndKeepsFactors() throws Exception {
    try (var checks = new ReplicationChecks(running)) {
      checks.aChangeReachesTheIndex(SynthesizedStack.VISITS);
      checks.aChangeReachesTheIndex(SynthesizedStack.DEALS);
      checks.factors(SynthesizedStack.FACTORS);
      checks.runsInAsManyEnvironmentsAsItsFactor(SynthesizedStack.VISITS);
      checks.runsInAsManyEnvironmentsAsItsFactor(SynthesizedStack.DEALS);
    }
  }

  @Test
  void whatIsRefusedIsCapturedAndReplayed() throws Exception {
    try (var checks = new DeadLetterChecks(new ReplicationChecks(running))) {
      checks.nothingToReplayIsSaidSo(SynthesizedStack.DEALS);
      String refused =
          checks.replication().aRefusedRecordIsCapturedAfterFourAttempts(SynthesizedStack.DEALS);
      checks.replayAppliesWhatWasCaptured(SynthesizedStack.DEALS, refused);
    }
  }

  @Test
  void aSecondChanceLeavesNoDeadLetter() throws Exception {
    try (var checks = new DeadLetterChecks(new ReplicationChecks(running))) {
      checks.aSecondChanceLeavesNoDeadLetter(SynthesizedStack.ORDERS);
    }
  }

  @Test
  void aBackfillCopiesWhatWasThereBefore() throws Exception {
    try (var checks = new ReplicationChecks(running)) {
      new RunChecks(checks).aBackfillCopiesWhatWasThereBefore(SynthesizedStack.BEFORE);
    }
  }

  @Test
  void aScheduleStartsAVerification() throws Exception {
    try (var checks = new ReplicationChecks(running)) {
      new RunChecks(checks).aScheduleStartsAVerification(SynthesizedStack.ORDERS);
    }
  }

  @Test
  void whatCaptureNeverTakesIsADeadLetter() throws Exception {
    try (var checks = new DeadLetterChecks(new ReplicationChecks(running))) {
      checks.whatCaptureNeverTakesIsADeadLetter(UNCAPTURED);
    }
  }
}
