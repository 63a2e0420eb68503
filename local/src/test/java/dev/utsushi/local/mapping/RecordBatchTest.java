package dev.utsushi.local.mapping;

import static dev.utsushi.local.mapping.Contexts.batch;
import static dev.utsushi.local.stream.Records.ofBytes;
import static dev.utsushi.local.stream.Records.records;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordBatchTest {

  private static final int MEGABYTE = 1024 * 1024;

  @Test
  void theBatchSizeLimitsTheNumberOfRecords() {
    assertThat(RecordBatch.fitting(records(1, 5), 3)).isEqualTo(3);
    assertThat(RecordBatch.fitting(records(1, 2), 3)).isEqualTo(2);
  }

  @Test
  void sixMegabytesLimitThePayload() {
    var records =
        List.of(
            ofBytes(1, 2 * MEGABYTE),
            ofBytes(2, 2 * MEGABYTE),
            ofBytes(3, 2 * MEGABYTE),
            ofBytes(4, 1));
    assertThat(RecordBatch.fitting(records, 100)).isEqualTo(2);
  }

  @Test
  void aRecordBiggerThanABatchGoesAlone() {
    assertThat(RecordBatch.fitting(List.of(ofBytes(1, 7 * MEGABYTE), ofBytes(2, 1)), 100))
        .isEqualTo(1);
  }

  @Test
  void thePayloadIsAnEventOfItsRecordsInOrder() {
    assertThat(new String(batch(1, 2).payload(), StandardCharsets.UTF_8))
        .isEqualTo("{\"Records\":[{\"number\":1},{\"number\":2}]}");
  }
}
