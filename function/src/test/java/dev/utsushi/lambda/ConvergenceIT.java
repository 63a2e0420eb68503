package dev.utsushi.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.index.Deadline;
import dev.utsushi.core.index.EngineIndex;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.FaultyCaller;
import dev.utsushi.core.replication.Replication;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.core.settings.Settings;
import dev.utsushi.core.telemetry.Log;
import dev.utsushi.local.search.SearchEngine;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happened to the items, and however the changes come (shuffled, twice, in any batches, by
 * invocations that fail before or after the write): in the end readers see exactly the table.
 *
 * <p>A failure names its seed; {@code -Dutsushi.seed=…} brings it back.
 */
final class ConvergenceIT {
  private static final int HISTORIES = 200;

  /** Both engines at once: most of its time goes by in waits before retries. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"opensearch", "elasticsearch7"})
  void readersSeeTheTable(String name) {
    SearchEngine engine =
        name.equals("opensearch") ? Engines.openSearch() : Engines.elasticsearch7();
    long seed = Long.getLong("utsushi.seed", System.nanoTime());
    System.out.println("ConvergenceIT on " + engine.version() + " with seed " + seed);
    Random random = new Random(seed);
    String index = "convergence-" + Long.toUnsignedString(seed);
    Map<String, JsonNode> expected = new HashMap<>();
    for (int i = 0; i < HISTORIES; i++) {
      History history = History.random(random, i);
      deliver(history.streamRecords(), engine, index, history.keySchema(), random);
      expected.putAll(history.table());
    }
    Map<String, JsonNode> found = new EngineIndex(engine.endpoint(), index).found();
    assertThat(found.keySet()).as("ids, seed %d", seed).isEqualTo(expected.keySet());
    expected.forEach(
        (id, item) ->
            assertThat(Item.of(found.get(id))).as("%s, seed %d", id, seed).isEqualTo(item));
  }

  /** Some records twice, all in any order, until every one is acknowledged. */
  private static void deliver(
      List<DynamodbStreamRecord> records,
      SearchEngine engine,
      String index,
      Map<String, String> keySchema,
      Random random) {
    List<DynamodbStreamRecord> deliveries = new ArrayList<>(records);
    records.stream().filter(_ -> random.nextInt(4) == 0).forEach(deliveries::add);
    Collections.shuffle(deliveries, random);
    Deque<DynamodbStreamRecord> queue = new ArrayDeque<>(deliveries);
    Replication replication = replication(engine, index, keySchema, random);
    for (int invocations = 0; !queue.isEmpty(); invocations++) {
      assertThat(invocations).as("invocations for %d records", deliveries.size()).isLessThan(1000);
      if (random.nextInt(10) == 0) {
        replication = replication(engine, index, keySchema, random);
      }
      invoke(replication, queue, random);
    }
  }

  private static void invoke(
      Replication replication, Deque<DynamodbStreamRecord> queue, Random random) {
    List<DynamodbStreamRecord> batch = new ArrayList<>();
    int size = 1 + random.nextInt(8);
    while (batch.size() < size && !queue.isEmpty()) {
      batch.add(queue.removeFirst());
    }
    // A short time, so that faults are not all retried away inside the invocation.
    Duration time = Duration.ofMillis(random.nextInt(300));
    Deadline deadline = Deadline.in(time, InstantSource.system());
    var response = ReplicationHandler.replicate(replication, batch, deadline);
    boolean lost = random.nextInt(10) == 0;
    if (lost) {
      batch.forEach(queue::addFirst);
    } else if (!response.getBatchItemFailures().isEmpty()) {
      String first = response.getBatchItemFailures().getFirst().getItemIdentifier();
      int from = 0;
      while (!batch.get(from).getDynamodb().getSequenceNumber().equals(first)) {
        from++;
      }
      batch.subList(from, batch.size()).forEach(queue::addFirst);
    }
  }

  private static Replication replication(
      SearchEngine engine, String index, Map<String, String> keySchema, Random random) {
    Map<String, String> environment = new HashMap<>(keySchema);
    environment.put("UTSUSHI_SEARCH_ENDPOINT", engine.endpoint().toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", index);
    return Assembly.replication(
        Settings.read(environment),
        new FaultyCaller(new SocketCaller(), random, 0.1),
        new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system()));
  }
}
