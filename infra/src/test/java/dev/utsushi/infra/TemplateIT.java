package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.template.RunningTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The synthesized template, run without AWS, with the real function. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TemplateIT {
  /** Actions that no test here needs, and why a role may do them. */
  private static final Map<String, String> ARGUED =
      Map.of(
          "Capture: es:ESHttpPut",
          "its second chance may be the first write, which creates the index",
          "Replay: es:ESHttpDelete",
          "'index create' removes the mark of a deleted index",
          "Replay: es:ESHttpPut",
          "a replay may be the first write, and 'index create' creates the index",
          "Replay: dynamodb:GetRecords",
          "a dead letter may be a reference",
          "Replay: dynamodb:GetShardIterator",
          "a dead letter may be a reference",
          "Replay: sqs:ChangeMessageVisibility",
          "a replay releases what it keeps",
          "Replication: dynamodb:ListStreams",
          "Lambda's documentation asks for it",
          "Run: sqs:ChangeMessageVisibility",
          "Lambda's documentation asks for it");

  /** A copy of {@link SynthesizedStack#VISITS}, without its capture. */
  private static final String UNCAPTURED = "uncaptured";

  private static final String DOMAIN = "arn:aws:es:us-east-1:000000000000:domain/four-streams/";

  private static final String ROLE =
      "^(visits|deals|orders|history|uncaptured)(\\w+?)Role[0-9A-F]{8}";

  private static final SynthesizedStack STACK = SynthesizedStack.once();

  private static RunningTemplate running;

  @BeforeAll
  static void start() throws Exception {
    running =
        STACK.startEnforced(
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
  void aRoleOfAnotherStreamMayDoNothing() {
    for (String own : SynthesizedStack.FACTORS.keySet()) {
      for (String other : SynthesizedStack.FACTORS.keySet()) {
        assertThat(allowed(own, other)).hasSize(own.equals(other) ? 4 : 0);
      }
    }
  }

  /** What a stream's roles may do to the index, the queues and the table of a stream. */
  private static List<String> allowed(String roles, String of) {
    String queue = queueArn(of + "DeadLetters");
    return Stream.of(
            List.of("Replication", "es:ESHttpPost", DOMAIN + of + "-write/_bulk"),
            List.of("Replay", "es:ESHttpPost", DOMAIN + of + "-write/_mget"),
            List.of("Replay", "sqs:ReceiveMessage", queue),
            List.of("Capture", "sqs:SendMessage", queue))
        .filter(each -> running.allows(role(roles + each.getFirst()), each.get(1), each.get(2)))
        .map(List::toString)
        .toList();
  }

  private static String role(String prefix) {
    return running.grantedPermissions().keySet().stream()
        .filter(name -> name.startsWith(prefix + "Role"))
        .map(name -> name.replaceFirst(":.*", ""))
        .findFirst()
        .orElseThrow();
  }

  private static String queueArn(String prefix) {
    return running.parts(RunningTemplate.Queue.class).stream()
        .filter(queue -> queue.logicalId().startsWith(prefix))
        .map(queue -> "arn:aws:sqs:us-east-1:000000000000:" + queue.name())
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void policiesAllowWhatIsDoneAndNoMore() {
    assertThat(running.problems()).filteredOn(each -> each.contains("not allowed")).isEmpty();
    Map<String, Boolean> used = new HashMap<>();
    running
        .grantedPermissions()
        .forEach(
            (name, isUsed) ->
                used.merge(name.replaceFirst(ROLE, "$2"), isUsed, Boolean::logicalOr));
    used.values().removeIf(isUsed -> isUsed);
    assertThat(used).containsOnlyKeys(ARGUED.keySet());
  }

  @Test
  void whatCaptureNeverTakesIsADeadLetter() throws Exception {
    try (var checks = new DeadLetterChecks(new ReplicationChecks(running))) {
      checks.whatCaptureNeverTakesIsADeadLetter(UNCAPTURED);
    }
  }
}
