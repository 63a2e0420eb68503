package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.infra.ReplicationChecks.Condition;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.TemplateException;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The synthesized template with one thing in it changed at a time, which must be noticed. */
class ChangedTemplateIT {
  private static final String DEALS = SynthesizedStack.DEALS;
  private static final String NO_REDRIVE = "noredrive";
  private static final String WRONG_HANDLER = "wronghandler";
  private static final String WRONG_QUEUE = "wrongqueue";
  private static final String NO_REPLAY_QUEUE = "noreplayqueue";
  private static final String FACTOR = "factor";
  private static final String DESTINATION = "destination";
  private static final String NO_HANDLER = "nohandler";
  private static final String RETRIES = "retries";

  private static final Map<String, Consumer<StreamPart>> CHANGES =
      Map.of(
          NO_REDRIVE,
          part -> {
            part.stopCapture();
            part.properties("Failures", StreamPart.QUEUE).remove("RedrivePolicy");
          },
          WRONG_HANDLER,
          part -> part.function("Capture").set("Handler", part.function("Replay").get("Handler")),
          WRONG_QUEUE,
          ChangedTemplateIT::captureInto,
          NO_REPLAY_QUEUE,
          part -> part.variables("Replay").remove(Setting.DEAD_LETTER_QUEUE_URL.variable()),
          FACTOR,
          part -> part.mapping().put("ParallelizationFactor", 2),
          DESTINATION,
          part ->
              part.mapping()
                  .set(
                      "DestinationConfig",
                      new StreamPart(part.resources(), DEALS).mapping().get("DestinationConfig")),
          NO_HANDLER,
          part ->
              part.function("Replication")
                  .put("Handler", "dev.utsushi.core.telemetry.Log::handleRequest"),
          RETRIES,
          part -> part.mapping().put("MaximumRetryAttempts", 2));

  private static final SynthesizedStack STACK = SynthesizedStack.once();

  private static void captureInto(StreamPart part) {
    String variable = Setting.DEAD_LETTER_QUEUE_URL.variable();
    var other = new StreamPart(part.resources(), DEALS).variables("Capture");
    part.variables("Capture").set(variable, other.get(variable));
  }

  @Test
  void aSettingThatIsMissingOrUnknownFailsTheDeployment() throws Exception {
    refuses(
        resources -> {
          new StreamPart(resources, SynthesizedStack.VISITS)
              .variables("Replication")
              .remove(Setting.PARTITION_KEY.variable());
          ObjectNode variables = new StreamPart(resources, DEALS).variables("Replication");
          variables.set("UTSUSHI_INDEXX", variables.remove("UTSUSHI_INDEX"));
        },
        "visitsReplicationFunction",
        "UTSUSHI_PARTITION_KEY is missing",
        "dealsReplicationFunction",
        "does not initialize",
        "UTSUSHI_INDEXX");
  }

  @Test
  void aChangedHandlerClassIsRefused() throws Exception {
    refuses(
        resources ->
            new StreamPart(resources, DEALS)
                .function("Replication")
                .put("Handler", "dev.utsushi.lambda.Gone::handleRequest"),
        "Handler names a class that is not in its code");
  }

  @Test
  void aFactorOutOfRangeIsRefused() throws Exception {
    refuses(
        resources -> new StreamPart(resources, DEALS).mapping().put("ParallelizationFactor", 11),
        "ParallelizationFactor must be 1 to 10, not 11");
  }

  @Test
  void aDestinationThatIsNotThereIsRefused() throws Exception {
    refuses(
        resources -> new StreamPart(resources, DEALS).destination().set(0, "Gone"),
        "refers to Gone.Arn, which is not in the template");
  }

  private static void refuses(Consumer<ObjectNode> change, String... messages) throws Exception {
    var refused =
        assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> STACK.start(change));
    for (String message : messages) {
      refused.withMessageContaining(message);
    }
    STACK.clear();
  }

  /** Each change in a copy of a stream; all of them run in one stack. */
  @Nested
  class Deployed {
    private static RunningTemplate running;

    @BeforeAll
    static void start() throws Exception {
      running =
          STACK.start(
              resources ->
                  CHANGES.forEach(
                      (copy, change) -> {
                        SynthesizedStack.copy(resources, SynthesizedStack.VISITS, copy);
                        change.accept(new StreamPart(resources, copy));
                      }));
    }

    @AfterAll
    static void clear() throws Exception {
      running.close();
      STACK.clear();
    }

    @Test
    void aMissingRedriveFailsTheDeadLetterCheck() throws Exception {
      DeadLetterChecks[] checks = new DeadLetterChecks[1];
      var replication = new ReplicationChecks(running, () -> checks[0].isReceivedTooOften());
      try (var deadLetters = new DeadLetterChecks(replication)) {
        checks[0] = deadLetters;
        fails(
            () -> deadLetters.whatCaptureNeverTakesIsADeadLetter(NO_REDRIVE),
            "a dead letter of " + NO_REDRIVE);
      }
    }

    @Test
    void theWrongHandlerFailsTheCaptureCheck() throws Exception {
      failsTheCaptureCheck(WRONG_HANDLER, WRONG_HANDLER);
    }

    @Test
    void theWrongQueueInCapturesSettingFailsTheCaptureCheck() throws Exception {
      failsTheCaptureCheck(WRONG_QUEUE, WRONG_QUEUE);
    }

    @Test
    void aChangedDestinationFailsTheQueueCheck() throws Exception {
      failsTheCaptureCheck(DESTINATION, DEALS);
    }

    @Test
    void aHandlerOfAnotherClassFailsTheIndexCheck() throws Exception {
      try (var mapping = new ReplicationChecks(running);
          var checks = new ReplicationChecks(running, () -> mapping.isSettled(NO_HANDLER))) {
        fails(() -> checks.aChangeReachesTheIndex(NO_HANDLER), "a document in " + NO_HANDLER);
      }
    }

    @Test
    void aMissingSettingOfReplayFailsTheReplayCheck() throws Exception {
      try (var checks = new DeadLetterChecks(new ReplicationChecks(running))) {
        fails(
            () -> checks.nothingToReplayIsSaidSo(NO_REPLAY_QUEUE),
            "UTSUSHI_DEAD_LETTER_QUEUE_URL is missing");
      }
    }

    @Test
    void aChangedFactorFailsTheFactorsCheck() throws Exception {
      try (var checks = new ReplicationChecks(running)) {
        fails(() -> checks.factors(Map.of(FACTOR, 3)), "factor of " + FACTOR);
      }
    }

    @Test
    void fewerRetriesFailTheQueueCheck() throws Exception {
      try (var checks = new ReplicationChecks(running)) {
        fails(() -> checks.aRefusedRecordIsCapturedAfterFourAttempts(RETRIES), "expected: 4");
      }
    }

    /**
     * The dead letter does not come.
     *
     * @param captured the stream whose capture has the failure before
     */
    private static void failsTheCaptureCheck(String stream, String captured) throws Exception {
      try (var capture = new ReplicationChecks(running)) {
        Condition tooLate = () -> capture.isCaptured(captured);
        try (var checks = new ReplicationChecks(running, tooLate)) {
          fails(
              () -> checks.aRefusedRecordIsCapturedAfterFourAttempts(stream),
              "a message in the queue of " + stream);
        }
      }
    }

    private static void fails(ThrowingCallable check, String message) {
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(check)
          .withMessageContaining(message);
    }
  }
}
