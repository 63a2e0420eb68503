package dev.utsushi.cli.chaos;

import dev.utsushi.cli.chaos.Delivery.Delivered;
import dev.utsushi.cli.chaos.Delivery.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Old changes, brought once more: shuffled, and in other batches than the first time. */
final class Redelivery {
  private static final int MOST_RECORDS = 60;
  private static final int LARGEST_BATCH = 10;

  private final Accounts accounts;
  private final Deliveries deliveries;
  private final FaultCounts faults;

  Redelivery(Accounts accounts, Deliveries deliveries, FaultCounts faults) {
    this.accounts = accounts;
    this.deliveries = deliveries;
    this.faults = faults;
  }

  void run(long seed) throws InterruptedException {
    Random random = new Random(seed);
    List<Delivered> records = new ArrayList<>(accounts.delivered());
    Collections.shuffle(records, random);
    records = records.subList(0, Math.min(MOST_RECORDS, records.size()));
    for (int from = 0; from < records.size(); ) {
      int to = Math.min(records.size(), from + 1 + random.nextInt(LARGEST_BATCH));
      faults.happened(FaultKind.REDELIVER, "");
      var _ = deliveries.deliver(event(records.subList(from, to)), Source.REDELIVERY);
      from = to;
    }
  }

  static byte[] event(List<Delivered> records) {
    return records.stream()
        .map(Delivered::json)
        .collect(Collectors.joining(",", "{\"Records\":[", "]}"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
