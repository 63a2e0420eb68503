package dev.utsushi.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Value;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordDecoderTest {
  private static final String ARN =
      "arn:aws:dynamodb:us-east-1:123456789012:table/actions/stream/2026-11-01T00:00:00.000";

  private static final Map<String, Value> KEYS =
      Map.of("dealId", new Value.Text("deal-1"), "actionId", new Value.Text("action-1"));

  @Test
  void aRecordWithoutItsTimeIsAChange() {
    for (String eventName : new String[] {"INSERT", "REMOVE"}) {
      Decoded decoded = decode(new KeySchema("dealId", "actionId"), eventName);
      assertThat(((Decoded.Changed) decoded).change().changedAt()).isNull();
    }
  }

  @Test
  void aSortKeyThatTheSettingsForgotIsRefused() {
    for (String eventName : new String[] {"INSERT", "REMOVE"}) {
      Decoded decoded = decode(new KeySchema("dealId", null), eventName);
      assertThat(((Decoded.Skipped) decoded).outcome())
          .isInstanceOfSatisfying(
              Outcome.Unreadable.class,
              outcome ->
                  assertThat(outcome.reason()).contains("UTSUSHI_SORT_KEY").contains("actionId"));
    }
  }

  @Test
  void aKeyOfAnotherTypeIsRefused() {
    StreamRecord streamRecord =
        RecordJson.read(
            """
            {"eventName":"INSERT","eventSourceARN":"%s","dynamodb":{"SequenceNumber":"1",
             "Keys":{"dealId":{"BOOL":true}},"NewImage":{"dealId":{"BOOL":true}}}}
            """
                .formatted(ARN));
    assertUnreadable(streamRecord, "not of type S, N or B");
  }

  @Test
  void aNumberThatIsNoneIsRefusedAndNeverWrittenOut() {
    for (String digits : List.of("1E+999999999", "", "one", "--1", "NaN", "0x1", "1".repeat(300))) {
      StreamRecord streamRecord =
          RecordJson.read(
              """
              {"eventName":"INSERT","eventSourceARN":"%s","dynamodb":{"SequenceNumber":"1",
               "Keys":{"dealId":{"N":"%s"}},"NewImage":{"dealId":{"N":"%s"}}}}
              """
                  .formatted(ARN, digits, digits));
      assertUnreadable(streamRecord, StreamRecord.UNKNOWN_TYPE);
    }
  }

  @Test
  void aTimeThatNoDateHoldsIsLeftOut() {
    StreamRecord streamRecord =
        RecordJson.read(
            """
            {"eventName":"REMOVE","eventSourceARN":"%s","dynamodb":{"SequenceNumber":"1",
             "ApproximateCreationDateTime":9223372036854775,"Keys":{"dealId":{"S":"a"}}}}
            """
                .formatted(ARN));
    Decoded decoded =
        new RecordDecoder(new KeySchema("dealId", null), TtlDeletes.DELETE, null, null)
            .decode(streamRecord);
    assertThat(((Decoded.Changed) decoded).change().changedAt()).isNull();
  }

  @Test
  void aRecordOfAnotherTableIsUnreadable() {
    var decoder = new RecordDecoder(new KeySchema("dealId", null), TtlDeletes.DELETE, null, null);
    assertThat(decoder.decode(ofTable("actions"))).isInstanceOf(Decoded.Changed.class);
    assertThat(decoder.decode(ofTable("actions"))).isInstanceOf(Decoded.Changed.class);
    assertThat(decoder.decode(ofTable("deals")))
        .isEqualTo(
            new Decoded.Skipped(
                new Outcome.Unreadable(
                    "The record is of arn:aws:dynamodb:us-east-1:1:table/deals, but this function"
                        + " replicates arn:aws:dynamodb:us-east-1:1:table/actions: one index holds"
                        + " one table.")));
  }

  private static StreamRecord ofTable(String table) {
    return RecordJson.read(
        """
        {"eventName":"REMOVE","dynamodb":{"SequenceNumber":"1","Keys":{"dealId":{"S":"a"}}},
         "eventSourceARN":"arn:aws:dynamodb:us-east-1:1:table/%s/stream/2026-11-01T00:00:00.000"}
        """
            .formatted(table));
  }

  private static void assertUnreadable(StreamRecord streamRecord, String reason) {
    Decoded decoded =
        new RecordDecoder(new KeySchema("dealId", null), TtlDeletes.DELETE, null, null)
            .decode(streamRecord);
    assertThat(decoded)
        .isInstanceOfSatisfying(
            Decoded.Skipped.class,
            skipped ->
                assertThat(skipped.outcome())
                    .isInstanceOfSatisfying(
                        Outcome.Unreadable.class,
                        outcome -> assertThat(outcome.reason()).contains(reason)));
  }

  private static Decoded decode(KeySchema keySchema, String eventName) {
    StreamRecord streamRecord =
        new StreamRecord(
            null, eventName, null, null, ARN, null, null, "1", null, KEYS, KEYS, null, null, null,
            null);
    return new RecordDecoder(keySchema, TtlDeletes.DELETE, null, null).decode(streamRecord);
  }
}
