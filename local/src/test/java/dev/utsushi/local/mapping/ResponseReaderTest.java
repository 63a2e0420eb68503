package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.mapping.Verdict.FailedFrom;
import dev.utsushi.local.mapping.Verdict.NotInvoked;
import dev.utsushi.local.mapping.Verdict.Processed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {

  private static final Batch BATCH = Records.batch(9, 12);
  private final ResponseReader reader = new ResponseReader(true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "{\"other\":1}",
        "{\"batchItemFailures\":null}",
        "{\"batchItemFailures\":[]}"
      })
  void success(String reply) {
    assertThat(read(reply)).isEqualTo(new Processed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
        "{\"batchItemFailures\":[{\"badName\":\"10\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"77\"}]}",
        "{\"batchItemFailures\":[{\"itemIdentifier\":\"10\"},{\"itemIdentifier\":\"77\"}]}",
        "{\"batchItemFailures\":[\"10\"]}",
        "{\"batchItemFailures\":\"10\"}",
        "[]",
        "\"fine\"",
        "{\"batchItemFailures\":"
      })
  void theWholeBatchFails(String reply) {
    assertThat(read(reply)).isEqualTo(new FailedFrom(0, true));
  }

  @Test
  void theLowestSequenceNumberWinsAndNumbersAreNotComparedAsText() {
    assertThat(
            read(
                """
                {"batchItemFailures":[{"itemIdentifier":"12"},{"itemIdentifier":"10"}]}\
                """))
        .isEqualTo(new FailedFrom(1, true));
    assertThat(
            read(
                """
                {"batchItemFailures":[{"itemIdentifier":"10"},{"itemIdentifier":"9"}]}\
                """))
        .isEqualTo(new FailedFrom(0, true));
  }

  @Test
  void aReplyIsIgnoredWhenReportsAreNotEnabled() {
    assertThat(
            new ResponseReader(false)
                .read(
                    new InvocationResult.Succeeded(
                        "id", "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}"),
                    BATCH))
        .isEqualTo(new Processed());
  }

  @Test
  void everyFunctionErrorFailsTheBatchAndAThrottleIsNoInvocation() {
    assertThat(reader.read(new InvocationResult.FunctionError("id", "E", "{}"), BATCH))
        .isEqualTo(new FailedFrom(0, false));
    assertThat(reader.read(new InvocationResult.TimedOut("id", Duration.ofSeconds(1)), BATCH))
        .isEqualTo(new FailedFrom(0, false));
    assertThat(reader.read(new InvocationResult.Crashed("id", 137), BATCH))
        .isEqualTo(new FailedFrom(0, false));
    assertThat(reader.read(new InvocationResult.InitFailed("id", "E", "{}"), BATCH))
        .isEqualTo(new FailedFrom(0, false));
    assertThat(reader.read(new InvocationResult.Throttled("id"), BATCH))
        .isEqualTo(new NotInvoked());
  }

  private Verdict read(String reply) {
    return reader.read(new InvocationResult.Succeeded("id", reply), BATCH);
  }
}
