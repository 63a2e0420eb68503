package dev.utsushi.loadtest.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.loadtest.traffic.PlannedWrite.Operation;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.SearchAccess;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.testbed.comparison.Comparison;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.IndexedDocument;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * A deployed stream under load. It writes new items with keys of its own to the real table, and
 * reads from each document when it was indexed. {@link #cleanUp} deletes the items.
 */
public final class StackTarget implements LoadTarget, AutoCloseable {

  /** A failing change takes four attempts with growing waits before Lambda gives up. */
  private static final Duration STANDSTILL = Duration.ofSeconds(60);

  private static final Duration LONGEST_SEARCH = Duration.ofMinutes(15);
  private static final Duration LAST_SEARCHES = Duration.ofSeconds(5);

  /** How long a user who pressed Ctrl-C waits for the deletions, whatever that does to the lag. */
  private static final Duration HURRIED_DELETION = Duration.ofMinutes(2);

  private static final int DELETIONS_AT_ONCE = 50;
  private static final int PAGE_SIZE = 500;
  private static final int PAGE_BYTES = 5_000_000;

  /**
   * What a clean-up could not remove.
   *
   * @param inTable items that could not be deleted
   * @param inIndex documents of deleted items that readers still find
   */
  public record Remains(int inTable, int inIndex) {
    public boolean isEmpty() {
      return inTable == 0 && inIndex == 0;
    }
  }

  private final AwsClients clients;
  private final DeployedStream stream;
  private final DynamoDbClient dynamoDb;
  private final SearchApi search;
  private final TestItems items;
  private final Comparison comparison;
  private Instant startedAt = Instant.now();
  private @Nullable RunRecorder recorder;
  private @Nullable Sweep arrivals;
  private volatile boolean hurry;

  /**
   * Finds the stream, and checks that its table and its index can be read. Nothing is written.
   *
   * @throws OperationException if not
   */
  public StackTarget(StackSelector selector) throws InterruptedException {
    // The JDK keeps five connections; with more writes at once, connecting would be measured.
    System.setProperty("http.maxConnections", "100");
    clients = AwsClients.of(selector);
    try {
      stream = new StreamFinder(clients).find(selector.stream());
      dynamoDb = clients.tables();
      TableDescription table = describeTable(selector);
      SearchAccess access = SearchAccess.of(clients, stream);
      search = new SearchApi(access.endpoint(), access.authorization());
      checkIndex();
      items = new TestItems(dynamoDb, table, stream.lagAttribute(), new SecureRandom());
      comparison = new Comparison(items.keys());
    } catch (RuntimeException | InterruptedException e) {
      clients.close();
      throw e;
    }
  }

  private TableDescription describeTable(StackSelector selector) {
    String arn = stream.tableArn();
    TableDescription found =
        AwsErrors.call(
                "dynamodb:DescribeTable",
                () ->
                    dynamoDb.describeTable(
                        request -> request.tableName(arn.substring(arn.indexOf('/') + 1))))
            .table();
    // The name is looked up in the caller's account: a table of another account may share it.
    if (selector instanceof StackSelector.Deployed && !arn.equals(found.tableArn())) {
      throw OperationException.failed(
          "the stream's table is %s, but these credentials and this region reach %s"
              .formatted(arn, found.tableArn()));
    }
    return found;
  }

  private void checkIndex() throws InterruptedException {
    try {
      search.send("POST", "/" + stream.index() + "/_search", "{\"size\":0}");
    } catch (SearchException e) {
      throw OperationException.failed(problem(e) + "; nothing was written", e);
    } catch (CredentialsException e) {
      throw OperationException.failed("the engine's credentials: " + e.getMessage(), e);
    }
  }

  private String problem(SearchException e) {
    URI endpoint = search.endpoint();
    return switch (e.status()) {
      case 0 ->
          "the search engine does not answer from here (%s). A domain in a VPC answers only inside it, or through a VPN or proxy"
              .formatted(endpoint);
      case 401, 403 ->
          "the search engine denies access to these credentials (%d). This needs es:ESHttpPost on the domain and, with fine-grained access control, a role that may read %s"
              .formatted(e.status(), stream.index());
      case 404 ->
          "the search engine has no %s. The function creates it when it starts: see its log"
              .formatted(stream.index());
      default -> "the index cannot be read: " + e.getMessage();
    };
  }

  public DeployedStream stream() {
    return stream;
  }

  public String tableName() {
    return items.table();
  }

  /** Names account and region. */
  public String place() {
    String[] parts = stream.tableArn().split(":", -1);
    return "account %s, %s".formatted(parts.length > 4 ? parts[4] : "unknown", stream.region());
  }

  /** Describes the partition keys of this test. */
  public String keyRange() {
    return items.keyRange();
  }

  /**
   * Writes one item, waits until it is indexed, and deletes it: a missing permission or a broken
   * pipeline shows before the traffic.
   *
   * @param number of no write of the plan
   * @throws OperationException if one of these fails
   */
  public void trial(int number) throws InterruptedException {
    try {
      write(new PlannedWrite(number, 0, number, Operation.INSERT, 0));
    } catch (SdkException e) {
      throw AwsErrors.failure("dynamodb:PutItem", e);
    }
    BitSet trial = new BitSet();
    trial.set(number);
    var sweep = new Sweep(trial, PAGE_SIZE, numbers -> find(numbers, false).keySet());
    int left = Standstill.await(sweep::step, STANDSTILL, _ -> {});
    AwsErrors.call("dynamodb:DeleteItem", () -> items.delete(number));
    if (left > 0) {
      throw OperationException.failed(
          "a first item was not indexed within %d s, so nothing more was written: check the stream's alarms and utsushi dlq list"
              .formatted(STANDSTILL.toSeconds()));
    }
  }

  @Override
  public void begin(RunRecorder recorder, Instant startedAt) {
    this.recorder = recorder;
    this.startedAt = startedAt;
  }

  private RunRecorder recorder() {
    RunRecorder current = recorder;
    if (current == null) {
      throw new IllegalStateException("No run is being recorded");
    }
    return current;
  }

  @Override
  public void write(PlannedWrite write) {
    items.put(write.number(), item(write));
  }

  private Map<String, AttributeValue> item(PlannedWrite write) {
    Instant due = startedAt.plusNanos(write.scheduledNanos());
    return items.item(write.number(), write.bytes(), due);
  }

  @Override
  public SearchableProbe probe() {
    return new SearchableProbe(recorder(), this, recorder()::acknowledgedAt, LONGEST_SEARCH);
  }

  @Override
  public Map<Integer, Integer> newestWrites(Set<Integer> numbers) throws InterruptedException {
    try {
      // Each item is written once, with the write's own number.
      Map<Integer, Integer> found = new HashMap<>();
      find(numbers, false).keySet().forEach(number -> found.put(number, number));
      return found;
    } catch (SearchException _) {
      // A reader would have to search again too.
      return Map.of();
    }
  }

  /**
   * Searches by {@code _id}, since nothing is known about how the index maps its keys.
   *
   * @param source whether to read the documents or only find them
   */
  private Map<Integer, IndexedDocument> find(Collection<Integer> numbers, boolean source)
      throws InterruptedException {
    Map<String, Integer> byId = new HashMap<>();
    numbers.forEach(number -> byId.put(items.documentId(number), number));
    ObjectNode query = JsonNodeFactory.instance.objectNode();
    query.put("size", byId.size()).put("track_total_hits", false).put("_source", source);
    var ids = query.putObject("query").putObject("ids").putArray("values");
    byId.keySet().forEach(ids::add);
    JsonNode reply = search.send("POST", "/" + stream.index() + "/_search", query.toString());
    Map<Integer, IndexedDocument> found = new HashMap<>();
    for (JsonNode hit : reply.path("hits").path("hits")) {
      String id = hit.path("_id").asText();
      Integer number = byId.get(id);
      if (number != null) {
        found.put(number, new IndexedDocument(id, hit.path("_source")));
      }
    }
    return found;
  }

  @Override
  public int missing() throws InterruptedException {
    return arrivals().step();
  }

  /** Expects a document for every write that was acknowledged before the first call. */
  private Sweep arrivals() {
    if (arrivals == null) {
      BitSet expected = new BitSet();
      int largest = 1;
      for (int i = 0; i < recorder().plan().size(); i++) {
        if (recorder().acknowledgedAt(i) > 0) {
          PlannedWrite write = recorder().plan().write(i);
          expected.set(i);
          comparison.item(item(write));
          largest = Math.max(largest, write.bytes());
        }
      }
      arrivals = new Sweep(expected, Math.clamp(PAGE_BYTES / largest, 10, 500), this::arrived);
    }
    return arrivals;
  }

  private Collection<Integer> arrived(List<Integer> numbers) throws InterruptedException {
    Map<Integer, IndexedDocument> found = find(numbers, true);
    found.forEach(
        (number, document) -> {
          comparison.visible(document);
          record(number, document.source().path("_replication").path("indexedAt").asText());
        });
    return found.keySet();
  }

  private void record(int number, String indexedAt) {
    try {
      Duration at = Duration.between(startedAt, Instant.parse(indexedAt));
      recorder().indexed(number, at.toNanos());
    } catch (DateTimeException _) {
      // The comparison reports a malformed document.
    }
  }

  @Override
  public void end() {
    try {
      arrivals().once();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ComparisonReport compare() {
    return comparison.report();
  }

  @Override
  public String describe(ComparisonReport report) {
    return report.equal()
        ? "the test's items and their documents are equal: %,d".formatted(report.items())
        : "the test's items and their documents differ in %,d places"
            .formatted(report.differences().size());
  }

  @Override
  public long deadLetters() {
    return 0;
  }

  @Override
  public TestedPipeline pipeline() {
    return new TestedPipeline.Deployed(
        stream.stack(), stream.region(), stream.index(), clocksApart());
  }

  /** Looks for the impossible: indexed before it was written, or found before it was indexed. */
  private Duration clocksApart() {
    long most = 0;
    for (int i = 0; i < recorder().plan().size(); i++) {
      long indexed = recorder().indexedAt(i);
      long found = recorder().searchableAt(i);
      if (indexed > 0) {
        most = Math.max(most, recorder().startedAt(i) - indexed);
        most = found > 0 ? Math.max(most, indexed - found) : most;
      }
    }
    return Duration.ofNanos(most);
  }

  @Override
  public int lanes() {
    return 0;
  }

  @Override
  public Duration standstill() {
    return STANDSTILL;
  }

  @Override
  public Duration lastSearches() {
    return LAST_SEARCHES;
  }

  @Override
  public String whereToLook() {
    return "; utsushi dlq list shows what Lambda gave up";
  }

  /**
   * Deletes every item of the test at the rate at which they were written, because a deletion is a
   * change too and delays the changes of others. An interruption does not end it, but makes it as
   * fast as a user who waits for it expects.
   *
   * @param hurried whether the user waits already
   */
  public Remains cleanUp(double perSecond, boolean hurried, LoadListener listener) {
    hurry = hurried;
    CompletableFuture<Remains> cleaning = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> cleanUpInto(cleaning, perSecond, listener));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return cleaning.get();
        } catch (InterruptedException _) {
          interrupted = true;
          hurry = true;
        } catch (ExecutionException e) {
          throw new CompletionException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void cleanUpInto(
      CompletableFuture<Remains> cleaning, double perSecond, LoadListener listener) {
    try {
      BitSet inTable = deleteAll(perSecond, listener);
      BitSet inIndex = items.written();
      inIndex.andNot(inTable);
      var gone = new Sweep(inIndex, PAGE_SIZE, this::gone);
      int left =
          inIndex.isEmpty()
              ? 0
              : Standstill.await(
                  gone::step,
                  STANDSTILL,
                  count ->
                      listener.status("waiting until %,d documents are gone".formatted(count)));
      cleaning.complete(new Remains(inTable.cardinality(), left));
    } catch (InterruptedException | RuntimeException e) {
      cleaning.completeExceptionally(e);
    }
  }

  private Collection<Integer> gone(List<Integer> numbers) throws InterruptedException {
    Set<Integer> found = find(numbers, false).keySet();
    return numbers.stream().filter(number -> !found.contains(number)).toList();
  }

  private BitSet deleteAll(double perSecond, LoadListener listener) throws InterruptedException {
    BitSet left = items.written();
    int all = left.cardinality();
    var capacity = new Semaphore(DELETIONS_AT_ONCE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int count = 0;
      for (int number : left.stream().toArray()) {
        listener.status("deleting the test's items: %,d of %,d".formatted(++count, all));
        capacity.acquire();
        threads.execute(() -> deleteFrom(left, number, capacity));
        Thread.sleep(interval(perSecond, all));
      }
    }
    return left;
  }

  private Duration interval(double perSecond, int all) {
    Duration interval = Duration.ofNanos(Math.round(1e9 / perSecond));
    Duration hurried = HURRIED_DELETION.dividedBy(all);
    return hurry && hurried.compareTo(interval) < 0 ? hurried : interval;
  }

  private void deleteFrom(BitSet left, int number, Semaphore capacity) {
    try {
      var _ = items.delete(number);
      synchronized (left) {
        left.clear(number);
      }
    } catch (SdkException _) {
      // The SDK has retried it; the caller reports what is left.
    } finally {
      capacity.release();
    }
  }

  @Override
  public void close() {
    try (clients;
        dynamoDb;
        search) {
      // All of them.
    }
  }
}
