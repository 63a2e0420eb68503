package dev.utsushi.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.InvocationResult.Succeeded;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchItemFailuresTest {
  private static final Set<String> BATCH = Set.of("9", "10", "11", "12");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "{\"other\":1}",
        "{\"batchItemFailures\":null}",
        "{\"batchItemFailures\": []}"
      })
  void completeSuccess(String reply) {
    assertThat(reported(reply)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not JSON",
        "[]",
        "\"fine\"",
        "{\"batchItemFailures\":",
        "{\"batchItemFailures\":\"10\"}",
        "{\"batchItemFailures\":[\"10\"]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"badName\":\"10\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"77\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"10\"},{\"itemIdentifier\":\"77\"}]}"
      })
  void completeFailure(String reply) {
    assertThat(reported(reply)).isEqualTo(BATCH);
  }

  @Test
  void theReportedOnes() {
    assertThat(
            reported(
                "{\"batchItemFailures\":"
                    + " [{\"itemIdentifier\": \"12\"}, {\"itemIdentifier\": \"9\"}]}"))
        .containsExactlyInAnyOrder("9", "12");
  }

  @Test
  void aReplyIsIgnoredWhenReportsAreNotEnabled() {
    for (String reply :
        List.of("{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}", "not JSON")) {
      assertThat(BatchItemFailures.of(new Succeeded("id", reply), BATCH, false)).isEmpty();
    }
  }

  @Test
  void everyFunctionErrorFailsTheWholeBatch() {
    for (InvocationResult result :
        List.of(
            new InvocationResult.FunctionError("id", "E", "{}"),
            new InvocationResult.TimedOut("id", Duration.ofSeconds(1)),
            new InvocationResult.Crashed("id", 137),
            new InvocationResult.InitFailed("id", "E", "{}"))) {
      assertThat(BatchItemFailures.of(result, BATCH, true)).isEqualTo(BATCH);
      assertThat(BatchItemFailures.of(result, BATCH, false)).isEqualTo(BATCH);
    }
  }

  private static Set<String> reported(String reply) {
    return BatchItemFailures.of(new Succeeded("id", reply), BATCH, true);
  }
}
