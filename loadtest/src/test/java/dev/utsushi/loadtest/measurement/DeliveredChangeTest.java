package dev.utsushi.loadtest.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveredChangeTest {
  private static final String EVENT =
      """
      {"Records":[
        {"eventName":"INSERT","dynamodb":{"SequenceNumber":"100",
          "NewImage":{"writeNumber":{"N":"7"}}}},
        {"eventName":"MODIFY","dynamodb":{"SequenceNumber":"200",
          "NewImage":{"writeNumber":{"N":"9"}},"OldImage":{"writeNumber":{"N":"7"}}}},
        {"eventName":"REMOVE","dynamodb":{"SequenceNumber":"300",
          "OldImage":{"writeNumber":{"N":"9"}}}},
        {"eventName":"INSERT","dynamodb":{"SequenceNumber":"400","NewImage":{}}}]}
      """;

  @Test
  void anEventIsReadAsLambdaSendsIt() {
    assertThat(batch())
        .containsExactly(
            new DeliveredChange("100", 7, false),
            new DeliveredChange("200", 9, false),
            new DeliveredChange("300", 9, true),
            new DeliveredChange("400", -1, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"batchItemFailures":[]}                                                    | 4
          {}                                                                          | 4
          null                                                                        | 4
          ``                                                                          | 4
          {"batchItemFailures":[{"itemIdentifier":"300"}]}                            | 2
          {"batchItemFailures":[{"itemIdentifier":"300"},{"itemIdentifier":"200"}]}   | 1
          {"batchItemFailures":[{"itemIdentifier":"100"}]}                            | 0
          {"batchItemFailures":[{"itemIdentifier":"999"}]}                            | 0
          """)
  void whatIsBeforeTheFirstFailureIsSettled(String reply, int settled) {
    assertThat(DeliveredChange.settledBy(reply, batch())).isEqualTo(settled);
  }

  private static List<DeliveredChange> batch() {
    return DeliveredChange.of(EVENT.getBytes(StandardCharsets.UTF_8));
  }
}
