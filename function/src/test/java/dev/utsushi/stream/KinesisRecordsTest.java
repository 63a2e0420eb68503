package dev.utsushi.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.Record;
import dev.utsushi.core.record.StreamRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lambda's Kinesis event, converted. */
final class KinesisRecordsTest {
  private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";
  private static final String DATA =
      """
      {"tableName":"deals","eventName":"INSERT","dynamodb":{
       "ApproximateCreationDateTime":1795222923417253,
       "ApproximateCreationDateTimePrecision":"MICROSECOND","Keys":{"id":{"S":"a"}},
       "NewImage":{"id":{"S":"a"}}}}\
      """;

  @Test
  void theDataIsTheChangeAndTheEnvelopeItsPlace() {
    StreamRecord read = convert(STREAM, ByteBuffer.wrap(DATA.getBytes(UTF_8)));
    assertThat(read.streamArn()).isEqualTo(STREAM);
    assertThat(read.sequenceNumber()).isEqualTo("7");
    assertThat(read.tableName()).isEqualTo("deals");
    assertThat(read.changedAt()).isEqualTo(Instant.parse("2026-11-21T01:02:03.417253Z"));
    assertThat(read.problem()).isNull();
  }

  @Test
  void theDataMayBeAnyBuffer() {
    byte[] bytes = ("xx" + DATA).getBytes(UTF_8);
    ByteBuffer part = ByteBuffer.wrap(bytes, 2, bytes.length - 2).slice();
    assertThat(convert(STREAM, part).problem()).isNull();
    assertThat(convert(STREAM, part.asReadOnlyBuffer()).problem()).isNull();
  }

  @Test
  void aConsumersRecordIsOfItsStream() {
    ByteBuffer data = ByteBuffer.wrap(DATA.getBytes(UTF_8));
    assertThat(convert(STREAM + "/consumer/replication:1798000000", data).streamArn())
        .isEqualTo(STREAM);
  }

  @Test
  void whatHasNoDataOrNoKinesisPartIsUnreadable() {
    assertThat(convert(STREAM, null).problem()).isNotNull();
    var empty = new KinesisEventRecord();
    assertThat(KinesisRecords.of(List.of(empty)).getFirst().problem()).contains("'kinesis' part");
  }

  private static StreamRecord convert(String arn, @Nullable ByteBuffer data) {
    var kinesis = new Record();
    kinesis.setSequenceNumber("7");
    kinesis.setData(data);
    var delivered = new KinesisEventRecord();
    delivered.setEventSourceARN(arn);
    delivered.setKinesis(kinesis);
    return KinesisRecords.of(List.of(delivered)).getFirst();
  }
}
