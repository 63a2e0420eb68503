package dev.utsushi.stream;

import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.SdkRecords;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** Records of a stream as captured messages hold them, for tests of other packages. */
public final class RecordTexts {
  private RecordTexts() {}

  public static String of(Record streamRecord, String streamArn) {
    return RecordJson.write(SdkRecords.of(streamRecord, streamArn));
  }
}
