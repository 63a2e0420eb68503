package dev.utsushi.local.kinesis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts records into a Kinesis stream in batches, each at its time. Used by one thread.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html">PutRecords</a>
 */
final class Delivery {

  /** The most that one request takes. */
  private static final int MOST_RECORDS = 500;

  private static final int MOST_BYTES = 5 * 1024 * 1024;

  private record Waiting(long dueNanos, long number, PutRecordsRequestEntry entry) {

    int bytes() {
      return entry.data().asByteArrayUnsafe().length + entry.partitionKey().length();
    }
  }

  private final Queue<Waiting> waiting =
      new PriorityQueue<>(
          Comparator.comparingLong(Waiting::dueNanos).thenComparingLong(Waiting::number));
  private final KinesisClient kinesis;
  private final String streamArn;
  private final DeliveryFaults faults;
  private final RandomGenerator random;
  private long added;

  Delivery(KinesisClient kinesis, String streamArn, DeliveryFaults faults) {
    this.kinesis = kinesis;
    this.streamArn = streamArn;
    this.faults = faults;
    random = new SplittableRandom(faults.seed());
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void add(PutRecordsRequestEntry entry, long nowNanos) {
    waiting.add(new Waiting(nowNanos + faults.delay(random), added++, entry));
    if (faults.repeats(random)) {
      waiting.add(new Waiting(nowNanos + faults.within(random), added++, entry));
    }
  }

  /**
   * Puts the records whose time has come. Records that Kinesis throttles, or all of a request that
   * fails, wait for the next time.
   *
   * @throws SdkException if the stream can't be written to now
   */
  void putUntil(long nanos) {
    List<Waiting> throttled = new ArrayList<>();
    for (var batch = due(nanos); !batch.isEmpty(); batch = due(nanos)) {
      try {
        throttled.addAll(put(batch));
      } catch (SdkException e) {
        waiting.addAll(batch);
        waiting.addAll(throttled);
        throw e;
      }
    }
    waiting.addAll(throttled);
  }

  private List<Waiting> due(long nanos) {
    List<Waiting> batch = new ArrayList<>();
    long bytes = 0;
    for (var next = waiting.peek(); next != null; next = waiting.peek()) {
      bytes += next.bytes();
      boolean full = batch.size() == MOST_RECORDS || (!batch.isEmpty() && bytes > MOST_BYTES);
      if (full || next.dueNanos() - nanos > 0) {
        return batch;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  /** Returns the records that Kinesis throttled. */
  private List<Waiting> put(List<Waiting> batch) {
    List<PutRecordsRequestEntry> entries = batch.stream().map(Waiting::entry).toList();
    List<PutRecordsResultEntry> results =
        kinesis.putRecords(request -> request.streamARN(streamArn).records(entries)).records();
    return IntStream.range(0, batch.size())
        .filter(i -> results.get(i).errorCode() != null)
        .mapToObj(batch::get)
        .toList();
  }
}
