package dev.utsushi.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordDecoder;
import dev.utsushi.core.record.RecordDecoder.Decoded;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Raw events, read with the serializer that Lambda reads them with. */
final class LambdaRecordsTest {
  private static final ItemKey KEY =
      new ItemKey(new Value.Text("deal-1"), new Value.Text("2026-11-01T00:00:00Z#1"));
  private static final Instant CHANGED_AT = Instant.parse("2026-11-21T01:02:03Z");

  @Test
  void readsInsert() {
    Map<String, Value> item = ((Change.Upsert) change("insert.json")).item();
    assertThat(change("insert.json").key()).isEqualTo(KEY);
    assertThat(change("insert.json").version())
        .isEqualTo(Version.of("2026-11-01T00:00:00.000", "4421584500000000017450439091"));
    assertThat(change("insert.json").changedAt()).isEqualTo(CHANGED_AT);
    assertThat(item)
        .containsEntry("memo", new Value.Text("初回訪問"))
        .containsEntry("amount", new Value.Decimal("12345678901234567890123456789012345678"))
        .containsEntry("done", new Value.Bool(false))
        .containsEntry("nothing", new Value.Null())
        .containsEntry("raw", new Value.Binary(ByteBuffer.wrap(new byte[] {1, 2, 3})))
        .containsEntry("tags", new Value.TextSet(List.of("a", "b")))
        .containsEntry("scores", new Value.DecimalSet(List.of("1", "2.5")))
        .containsEntry("blobs", new Value.BinarySet(List.of(ByteBuffer.wrap(new byte[] {1}))))
        .containsEntry("empty", new Value.Text(""))
        .containsEntry(
            "nested",
            new Value.Structure(
                Map.of("list", new Value.Sequence(List.of(new Value.Decimal("1"))))));
  }

  @Test
  void readsRemove() {
    assertThat(change("remove.json"))
        .isEqualTo(
            new Change.Removal(
                KEY,
                Version.of("2026-11-01T00:00:00.000", "4421584500000000017450439092"),
                CHANGED_AT));
  }

  @Test
  void keysOfAnIndexAreNotTheTables() {
    assertThat(change("expiry.json").key()).isEqualTo(KEY);
  }

  @Test
  void expiryRemovesUnlessKept() {
    assertThat(change("expiry.json")).isInstanceOf(Change.Removal.class);
    assertThat(decode("expiry.json", TtlDeletes.KEEP))
        .isEqualTo(new Decoded.Skipped(new Outcome.ExpiryKept()));
    assertThat(decode("remove.json", TtlDeletes.KEEP)).isInstanceOf(Decoded.Changed.class);
  }

  @Test
  void saysWhatIsWrongWithTheStream() {
    assertThat(problem("keys-only.json")).contains("view type must be NEW_IMAGE");
    assertThat(problem("no-keys.json")).contains("no Keys");
    assertThat(problem("other-keys.json")).contains("UTSUSHI_PARTITION_KEY");
    assertThat(problem("unknown-event.json")).contains("Unknown event name");
    assertThat(problem("kinesis.json")).contains("no 'dynamodb' part");
  }

  @Test
  void problemsHoldNoItemContent() {
    for (String fixture : List.of("keys-only.json", "other-keys.json", "unknown-event.json")) {
      assertThat(problem(fixture)).doesNotContain("deal-1").doesNotContain("初回訪問");
    }
  }

  private static Change change(String fixture) {
    return ((Decoded.Changed) decode(fixture, TtlDeletes.DELETE)).change();
  }

  private static String problem(String fixture) {
    var skipped = (Decoded.Skipped) decode(fixture, TtlDeletes.DELETE);
    return ((Outcome.Unreadable) skipped.outcome()).reason();
  }

  private static Decoded decode(String fixture, TtlDeletes ttlDeletes) {
    var decoder = new RecordDecoder(new KeySchema("dealId", "actionKey"), ttlDeletes, null, null);
    return decoder.decode(LambdaRecords.of(event(fixture).getRecords()).getFirst());
  }

  private static DynamodbEvent event(String fixture) {
    try (InputStream in = LambdaRecordsTest.class.getResourceAsStream("/events/" + fixture)) {
      var serializer =
          LambdaEventSerializers.serializerFor(
              DynamodbEvent.class, LambdaRecordsTest.class.getClassLoader());
      return serializer.fromJson(Objects.requireNonNull(in, fixture));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
