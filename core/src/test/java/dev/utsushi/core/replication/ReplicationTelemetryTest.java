package dev.utsushi.core.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.change.Change;
import dev.utsushi.core.change.ItemKey;
import dev.utsushi.core.change.Value;
import dev.utsushi.core.change.Version;
import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.record.StreamRecord;
import dev.utsushi.core.telemetry.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplicationTelemetryTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ReplicationTelemetry telemetry =
      new ReplicationTelemetry(
          "deals",
          Map.of("Index", "deals"),
          new ReplicationTelemetry.Lag.FromAttribute("at"),
          new Log(new PrintStream(out, true, UTF_8), InstantSource.system()),
          InstantSource.system());

  @Test
  void timesThatNoTableCanHaveWrittenAtGiveNoLag() {
    List<Value> times =
        List.of(
            new Value.Text("+999999999-12-31T23:59:59Z"),
            new Value.Text("-999999999-01-01T00:00:00Z"),
            new Value.Decimal("-9223372036854775808"),
            new Value.Decimal("9223372036854775807"),
            new Value.Decimal("1E+125"));
    telemetry.start();
    telemetry.report(times.stream().map(at -> applied("a", at, List.of())).toList());
    assertThat(out.toString(UTF_8)).contains("\"Applied\":5").doesNotContain("\"Lag\":");
  }

  @Test
  void anOverflowedAttributeIsLoggedOnceAnInvocation() {
    List<RecordResult> results = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      results.add(applied("item-" + i, new Value.Text("x"), List.of("memo")));
    }
    telemetry.start();
    telemetry.report(results);
    assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("attribute_overflowed")))
        .singleElement()
        .asString()
        .contains("\"key\":\"item-0\"", "\"attribute\":\"memo\"", "\"documents\":1000");
  }

  @Test
  void eachOfSeveralIndexesHasALineOfWhatItGot() {
    var several =
        new ReplicationTelemetry(
            List.of("deals", "users", "others"),
            Map.of("Index", "deals"),
            new ReplicationTelemetry.Lag.None(),
            new Log(new PrintStream(out, true, UTF_8), InstantSource.system()),
            InstantSource.system());
    DocumentWrite write = applied("a", new Value.Text("x"), List.of()).writes().getFirst().write();
    var removal = new Change.Removal(write.change().key(), write.version(), null);
    var applied = new Outcome.Applied(List.of());
    several.start();
    several.report(
        List.of(
            RecordResult.of(
                StreamRecord.unreadable(null, "1", null, ""),
                List.of(
                    new RecordResult.Written(new DocumentWrite("a", removal, null), applied),
                    new RecordResult.Written(write.to(1), applied),
                    new RecordResult.Written(write.to(2), new Outcome.Superseded())))));
    assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("_aws")))
        .hasSize(3)
        .satisfiesOnlyOnce(line -> assertThat(line).contains("\"Applied\":1"))
        .satisfiesOnlyOnce(
            line -> assertThat(line).contains("\"Index\":\"deals\"", "\"Tombstones\":1"))
        .satisfiesOnlyOnce(
            line -> assertThat(line).contains("\"Index\":\"users\"", "\"Documents\":1"));
  }

  private static RecordResult applied(String id, Value at, List<String> overflowed) {
    Change change =
        new Change.Upsert(
            new ItemKey(new Value.Text(id), null),
            Version.of("2026-11-01T00:00:00.000", "1"),
            null,
            Map.of("at", at));
    return new RecordResult(
        StreamRecord.unreadable(null, "1", null, ""),
        DocumentWrite.of(change),
        new Outcome.Applied(overflowed));
  }
}
