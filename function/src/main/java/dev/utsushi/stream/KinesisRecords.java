package dev.utsushi.stream;

import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.RecordReader;
import dev.utsushi.core.record.StreamRecord;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts the records of Lambda's Kinesis event. Their data is the JSON that DynamoDB sends.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html">Using Lambda with
 *     Kinesis Data Streams</a>
 */
public final class KinesisRecords {
  private KinesisRecords() {}

  /** Converts records, in their order. */
  public static List<StreamRecord> of(List<KinesisEventRecord> records) {
    return of(records, false);
  }

  /**
   * Converts records, in their order.
   *
   * @param oldImages whether to read the items before the changes
   */
  public static List<StreamRecord> of(List<KinesisEventRecord> records, boolean oldImages) {
    return records.stream().map(each -> of(each, oldImages)).toList();
  }

  private static StreamRecord of(KinesisEventRecord delivered, boolean oldImages) {
    String arn = delivered.getEventSourceARN();
    String streamArn = arn == null ? null : KinesisSource.ofStream(arn);
    var kinesis = delivered.getKinesis();
    if (kinesis == null) {
      return StreamRecord.unreadable(
          streamArn, null, null, "The record has no 'kinesis' part: is this a Kinesis stream?");
    }
    return RecordReader.readKinesis(
        stream(kinesis.getData()), oldImages, streamArn, kinesis.getSequenceNumber());
  }

  private static InputStream stream(@Nullable ByteBuffer data) {
    if (data == null) {
      return InputStream.nullInputStream();
    }
    if (data.hasArray()) {
      return new ByteArrayInputStream(
          data.array(), data.arrayOffset() + data.position(), data.remaining());
    }
    byte[] copy = new byte[data.remaining()];
    data.duplicate().get(copy);
    return new ByteArrayInputStream(copy);
  }
}
