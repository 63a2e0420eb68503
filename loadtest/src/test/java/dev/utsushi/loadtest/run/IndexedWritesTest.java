package dev.utsushi.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.traffic.ArrivalPattern;
import dev.utsushi.loadtest.traffic.ArrivalProfile;
import dev.utsushi.loadtest.traffic.ItemSize;
import dev.utsushi.loadtest.traffic.KeyDistribution;
import dev.utsushi.loadtest.traffic.Traffic;
import dev.utsushi.loadtest.traffic.WriteMix;
import dev.utsushi.loadtest.traffic.WritePlan;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import java.time.Duration;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexedWritesTest {
  private final WritePlan plan =
      new Traffic(
              ArrivalProfile.steady(20, Duration.ofSeconds(1)),
              ArrivalPattern.CONSTANT,
              KeyDistribution.uniform(3),
              new WriteMix(1, 1, 1),
              ItemSize.DEFAULT,
              1)
          .plan();
  private final RunRecorder recorder = new RunRecorder(plan, () -> 7);
  private final IndexedWrites indexed = new IndexedWrites();

  @BeforeEach
  void begin() {
    indexed.begin(recorder);
  }

  @Test
  void whatTheEngineTookIsIndexed() {
    replied("201", create("a", 0));
    assertThat(recorder.at(Moment.INDEXED, 0)).isEqualTo(7);
  }

  @Test
  void whatItRefusedIsNot() {
    replied("429", create("a", 0));
    indexed.replied(new Request(1, "POST", "/x/_bulk", create("a", 0)), new Reply(503, "no"), true);
    assertThat(recorder.count(Moment.INDEXED)).isZero();
  }

  /** A batch sends an item's last change only. */
  @Test
  void theEarlierWritesOfTheItemAreIndexedToo() {
    int later = write(number -> plan.previous(number) >= 0);
    replied("200", update("a", "\"writeNumber\":" + later));
    assertThat(recorder.at(Moment.INDEXED, plan.previous(later))).isEqualTo(7);
    assertThat(recorder.at(Moment.INDEXED, later)).isEqualTo(7);
  }

  @Test
  void aTombstoneIsTheDeletionAfterTheItemsLatestWrite() {
    int put = write(number -> plan.deletedBy(number) >= 0);
    replied("201", create("a", put));
    replied("200", update("a", "\"_replication\":{\"deleted\":true}"));
    replied("200", update("b", "\"_replication\":{\"deleted\":true}"));
    assertThat(recorder.at(Moment.INDEXED, plan.deletedBy(put))).isEqualTo(7);
  }

  @Test
  void nothingIsRecordedAfterTheRun() {
    indexed.end();
    replied("201", create("a", 0));
    assertThat(recorder.count(Moment.INDEXED)).isZero();
  }

  private int write(IntPredicate wanted) {
    return IntStream.range(0, plan.size()).filter(wanted).findFirst().orElseThrow();
  }

  private void replied(String status, String body) {
    var reply = new Reply(200, "{\"items\":[{\"update\":{\"status\":" + status + "}}]}");
    indexed.replied(new Request(1, "POST", "/x/_bulk", body), reply, true);
  }

  private static String create(String id, int number) {
    return "{\"create\":{\"_id\":\"%s\"}}\n{\"writeNumber\":%d}\n".formatted(id, number);
  }

  private static String update(String id, String document) {
    return "{\"update\":{\"_id\":\"%s\"}}\n{\"script\":{\"params\":{\"document\":{%s}}}}\n"
        .formatted(id, document);
  }
}
