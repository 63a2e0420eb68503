package dev.utsushi.lambda;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import org.jspecify.annotations.Nullable;

/** What can be said of a record, however broken it is. */
final class Records {
  private Records() {}

  static @Nullable String sequenceNumber(DynamodbStreamRecord streamRecord) {
    return streamRecord.getDynamodb() == null
        ? null
        : streamRecord.getDynamodb().getSequenceNumber();
  }
}
