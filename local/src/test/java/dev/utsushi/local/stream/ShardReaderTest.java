package dev.utsushi.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.stream.ScriptedStream.ScriptedShard;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShardReaderTest {

  private final ScriptedStream stream = new ScriptedStream();
  private final ScriptedShard shard = stream.shard("s", null);
  private final AtomicInteger trims = new AtomicInteger();
  private Optional<SequenceNumber> end = Optional.empty();

  @Test
  void readsPageByPageToTheEndOfAClosedShard() {
    shard.with(1, 2, 3).closed();
    var reader = reader(SequenceNumber.BEGINNING);
    assertThat(numbers(reader.poll())).containsExactly("1", "2");
    ShardReader.Poll last = reader.poll();
    assertThat(numbers(last)).containsExactly("3");
    assertThat(last.endOfShard()).isTrue();
  }

  @Test
  void readsAfterTheGivenPlace() {
    shard.with(1, 2, 3);
    assertThat(numbers(reader(new SequenceNumber("2")).poll())).containsExactly("3");
  }

  @Test
  void anExpiredIteratorIsRenewedWhereReadingStopped() {
    shard.with(1, 2, 3);
    var reader = reader(SequenceNumber.BEGINNING);
    reader.poll();
    shard.expireIterators();
    assertThat(numbers(reader.poll())).isEmpty();
    assertThat(numbers(reader.poll())).containsExactly("3");
    assertThat(trims).hasValue(0);
  }

  @Test
  void recordsThatExpiredUnreadAreSkippedAndReportedOnce() {
    shard.with(1, 2, 3, 4, 5);
    var reader = reader(SequenceNumber.BEGINNING);
    reader.poll();
    shard.expireUpTo(4);
    assertThat(numbers(reader.poll())).isEmpty();
    assertThat(numbers(reader.poll())).containsExactly("5");
    assertThat(trims).hasValue(1);
  }

  @Test
  void aClosedShardOfExpiredRecordsOnlyIsAtItsEnd() {
    shard.with(1, 2, 3).closed();
    shard.expireUpTo(3);
    shard.horizonIsTrimmed(true);
    end = Optional.of(new SequenceNumber("3"));
    assertThat(reader(SequenceNumber.BEGINNING).poll().endOfShard()).isTrue();
    assertThat(trims).hasValue(1);
    var behind = reader(new SequenceNumber("1"));
    assertThat(behind.poll().endOfShard()).isFalse();
    assertThat(behind.poll().endOfShard()).isTrue();
    assertThat(trims).hasValue(2);
  }

  @Test
  void nothingIsLostOfAShardThatExpiredAfterItsLastRecordWasRead() {
    shard.with(1, 2);
    var reader = reader(SequenceNumber.BEGINNING);
    reader.poll();
    shard.with(3);
    reader.poll();
    shard.expireUpTo(4);
    end = Optional.of(new SequenceNumber("3"));
    assertThat(reader.poll().endOfShard()).isTrue();
    assertThat(trims).hasValue(0);
  }

  @Test
  void anOpenShardWithATrimmedHorizonIsReadOnceItHasRecords() {
    shard.horizonIsTrimmed(true);
    var reader = reader(SequenceNumber.BEGINNING);
    assertThat(reader.poll().endOfShard()).isFalse();
    shard.horizonIsTrimmed(false);
    shard.with(1);
    assertThat(numbers(reader.poll())).containsExactly("1");
    assertThat(trims).hasValue(0);
  }

  @Test
  void aDeletedShardIsAtItsEnd() {
    shard.with(1);
    shard.gone();
    assertThat(reader(SequenceNumber.BEGINNING).poll().endOfShard()).isTrue();
    assertThat(trims).hasValue(1);
  }

  @Test
  void theNewestRecordIsFoundByReadingUpToIt() {
    assertThat(reader(SequenceNumber.BEGINNING).newest()).isEqualTo(SequenceNumber.BEGINNING);
    shard.with(1, 2, 3);
    assertThat(reader(SequenceNumber.BEGINNING).newest()).isEqualTo(new SequenceNumber("3"));
  }

  private ShardReader reader(SequenceNumber lastRead) {
    return new ShardReader(
        new DynamoDbStream(stream, ScriptedStream.ARN),
        "s",
        lastRead,
        () -> end,
        trims::incrementAndGet);
  }

  private static Iterable<String> numbers(ShardReader.Poll poll) {
    return poll.records().stream().map(PolledRecord::sequenceNumber).toList();
  }
}
