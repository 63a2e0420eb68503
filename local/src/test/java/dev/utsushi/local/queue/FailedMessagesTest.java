package dev.utsushi.local.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.InvocationResult.FunctionError;
import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import dev.utsushi.local.lambda.InvocationResult.TimedOut;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailedMessagesTest {
  private static final Set<String> IDS = Set.of("a", "b", "c");

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "{}", "{\"batchItemFailures\": null}", "{\"batchItemFailures\": []}"})
  void completeSuccess(String reply) {
    assertThat(reported(reply)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not JSON",
        "\"text\"",
        "{\"batchItemFailures\": \"a\"}",
        "{\"batchItemFailures\": [{\"itemIdentifier\": \"\"}]}",
        "{\"batchItemFailures\": [{\"itemIdentifier\": null}]}",
        "{\"batchItemFailures\": [{\"messageId\": \"a\"}]}",
        "{\"batchItemFailures\": [{\"itemIdentifier\": \"a\"}, {\"itemIdentifier\": \"z\"}]}"
      })
  void completeFailure(String reply) {
    assertThat(reported(reply)).isEqualTo(IDS);
  }

  @Test
  void theReportedOnes() {
    assertThat(
            reported(
                "{\"batchItemFailures\":"
                    + " [{\"itemIdentifier\": \"a\"}, {\"itemIdentifier\": \"c\"}]}"))
        .containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void aReplyIsNotLookedAtUnlessAskedFor() {
    var reply = "{\"batchItemFailures\": [{\"itemIdentifier\": \"a\"}]}";
    assertThat(FailedMessages.of(new Succeeded("r", reply), IDS, false)).isEmpty();
  }

  @Test
  void whatFailsAsAWholeFailsAllMessages() {
    for (InvocationResult result :
        new InvocationResult[] {
          new FunctionError("r", "t", "{}"), new TimedOut("r", Duration.ofSeconds(1))
        }) {
      assertThat(FailedMessages.of(result, IDS, true)).isEqualTo(IDS);
    }
  }

  private static Set<String> reported(String reply) {
    return FailedMessages.of(new Succeeded("r", reply), IDS, true);
  }
}
