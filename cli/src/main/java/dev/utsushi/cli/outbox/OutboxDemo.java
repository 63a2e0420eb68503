package dev.utsushi.cli.outbox;

import dev.utsushi.cli.outbox.Receiver.Received;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.loadtest.units.LagHistogram;
import dev.utsushi.outbox.Outbox;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A shop sells coins. The stream relay is killed, and muted for the middle third of the time; the
 * poller takes over.
 */
public final class OutboxDemo {
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** The first events after its start find a cold JVM. */
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final Options options;
  private final Terminal terminal;

  /**
   * The options of the demo.
   *
   * @param salesPerSecond of which about one in ten is rolled back
   * @param duration of the sales
   */
  public record Options(int salesPerSecond, Duration duration, long seed) {}

  /** When the relay was away, in milliseconds since the epoch. */
  private record Outage(long from, long to) {}

  /** Prepares the demo. */
  public OutboxDemo(Options options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  /**
   * Runs it and stops everything that it started.
   *
   * @return whether every committed event was received, in order, and no other one
   */
  public boolean run() throws InterruptedException {
    terminal.status("starting DynamoDB, SQS and the relay …");
    try (var stand = new OutboxStand();
        var receiver = stand.receiver()) {
      var shop =
          new CoinShop(
              stand.dynamoDb().client(), Outbox.of(OutboxStand.TABLE), new Random(options.seed()));
      shop.open();
      stand.start();
      Outage outage = sell(shop, stand);
      awaitRest(stand, receiver);
      return conclude(shop, stand, receiver.received(), outage);
    }
  }

  private Outage sell(CoinShop shop, OutboxStand stand) throws InterruptedException {
    int sales = Math.toIntExact(options.salesPerSecond() * options.duration().toSeconds());
    terminal.heading(
        "Selling coins: %d sales/s for %d s"
            .formatted(options.salesPerSecond(), options.duration().toSeconds()));
    long start = System.nanoTime();
    long from = 0;
    long to = 0;
    for (int sale = 1; sale <= sales; sale++) {
      long due = start + sale * TimeUnit.SECONDS.toNanos(1) / options.salesPerSecond();
      Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      shop.sell();
      if (sale == sales / 3) {
        from = System.currentTimeMillis();
        stand.killAndMute();
        terminal.line("  killed with kill -9, and muted: the stream relay");
      } else if (sale == sales * 2 / 3) {
        to = System.currentTimeMillis();
        stand.deliver();
        terminal.line("  back: the stream relay, which gets again what the poller published");
      }
      terminal.status("sold %,d of %,d".formatted(sale, sales));
    }
    return new Outage(from, to);
  }

  /** Waits until nothing is unpublished and nothing comes any more. */
  private void awaitRest(OutboxStand stand, Receiver receiver) throws InterruptedException {
    long end = System.nanoTime() + LONGEST_REST.toNanos();
    int before = -1;
    int now = receiver.received().size();
    while (System.nanoTime() < end && (stand.unpublished() > 0 || now > before)) {
      terminal.status("waiting for the last events …");
      Thread.sleep(QUIET);
      before = now;
      now = receiver.received().size();
    }
  }

  private boolean conclude(
      CoinShop shop, OutboxStand stand, List<Received> received, Outage outage) {
    terminal.heading("Was every committed event published, and no other one?");
    printDelays(shop, received, outage);
    var verdict = OutboxVerdict.of(shop.committedAt().keySet(), received);
    Set<String> leaked = new HashSet<>(shop.rolledBack());
    leaked.retainAll(received.stream().map(each -> each.event().id()).toList());
    terminal.line(
        "  published by the poller: %,d, %,d of them twice; duplicates received from the FIFO queue: %,d"
            .formatted(
                stand.pollerCount().published(),
                stand.pollerCount().duplicates(),
                verdict.duplicates()));
    String line =
        "%,d events committed, %,d missing, %,d uncommitted ones received, %,d out of order; %,d sales rolled back, %,d of them published"
            .formatted(
                verdict.committed(),
                verdict.missing(),
                verdict.uncommitted(),
                verdict.outOfOrder(),
                shop.rolledBack().size(),
                leaked.size());
    boolean good = verdict.isGood() && leaked.isEmpty();
    if (good) {
      terminal.good(line);
    } else {
      terminal.bad(line);
    }
    return good;
  }

  private void printDelays(CoinShop shop, List<Received> received, Outage outage) {
    var relayed = new LagHistogram();
    var polled = new LagHistogram();
    long start = shop.committedAt().values().stream().mapToLong(Long::longValue).min().orElse(0);
    for (Received each : received) {
      long committed = shop.committedAt().getOrDefault(each.event().id(), 0L);
      long nanos = TimeUnit.MILLISECONDS.toNanos(each.sentAt() - committed);
      if (committed >= outage.from() && committed < outage.to()) {
        polled.record(nanos);
      } else if (committed - start > WARM_UP.toMillis()) {
        relayed.record(nanos);
      }
    }
    print("stream relay at work", relayed);
    print("stream relay away", polled);
  }

  private void print(String when, LagHistogram delays) {
    terminal.line(
        "  commit to broker, %s: p50 %,d ms, p99 %,d ms, max %,d ms (%,d events)"
            .formatted(
                when,
                delays.percentile(50).toMillis(),
                delays.percentile(99).toMillis(),
                delays.max().toMillis(),
                delays.count()));
  }
}
