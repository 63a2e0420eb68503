package dev.utsushi.loadtest.run;

import dev.utsushi.core.search.Authorization.CredentialsException;
import dev.utsushi.loadtest.measurement.RunRecorder;
import dev.utsushi.loadtest.measurement.RunRecorder.Moment;
import dev.utsushi.loadtest.measurement.SearchableProbe;
import dev.utsushi.loadtest.measurement.TestedPipeline;
import dev.utsushi.loadtest.traffic.PlannedWrite;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * A deployed stream under load. It writes new items with unique keys to the real table, and reads
 * from each document when it was indexed. {@link #cleanUp} deletes the items.
 */
public final class StackTarget implements LoadTarget, AutoCloseable {

  private static final Duration LONGEST_SEARCH = Duration.ofMinutes(15);

  static final int PAGE_SIZE = 100;

  /**
   * What a clean-up could not remove.
   *
   * @param inTable items that could not be deleted
   * @param inIndex documents of deleted items that readers still find
   * @param failure of the first deletion that failed
   */
  public record Remains(int inTable, int inIndex, @Nullable SdkException failure) {
    public boolean isEmpty() {
      return inTable == 0 && inIndex == 0;
    }
  }

  private final DeployedStream stream;
  private final DynamoDbClient dynamoDb;
  private final TableDescription table;
  private final SearchApi search;
  private final TestItems items;
  private final DocumentSearch documents;
  private final Comparison comparison;

  /** The writes that were acknowledged and have no document yet. */
  private final Set<Integer> expected = new ConcurrentSkipListSet<>();

  private Instant startedAt = Instant.now();
  private @Nullable RunRecorder recorder;

  /**
   * Finds the stream, and checks that its table and its index can be read. Nothing is written.
   *
   * @throws OperationException if not
   */
  public StackTarget(AwsClients clients, StackSelector selector) throws InterruptedException {
    // The JDK keeps five connections; with more writes at once, connecting would be measured.
    System.setProperty("http.maxConnections", "100");
    stream = new StreamFinder(clients).find(selector.stream());
    dynamoDb = clients.tables();
    table = describeTable(selector);
    search = new SearchApi(clients.searchEndpoint(stream), clients.searchAuthorization(stream));
    checkIndex();
    items = new TestItems(dynamoDb, table, stream.lagAttribute(), new SecureRandom());
    documents = documents(items);
    comparison = new Comparison(items.keys());
  }

  private DocumentSearch documents(TestItems of) {
    return new DocumentSearch(search, stream.index(), of::key);
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
      if (e.status() == 404) {
        // No change has been written yet: the first item creates the index.
        return;
      }
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
      default -> "the index cannot be read: " + e.getMessage();
    };
  }

  public DeployedStream stream() {
    return stream;
  }

  /** Names account and region. */
  public String place() {
    String[] parts = stream.tableArn().split(":", -1);
    return "account %s, %s".formatted(parts.length > 4 ? parts[4] : "unknown", stream.region());
  }

  /** Returns the items of this test. */
  public TestItems items() {
    return items;
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
      items.put(number, items.item(number, 0, startedAt));
    } catch (SdkException e) {
      throw AwsErrors.failure("dynamodb:PutItem", e);
    }
    Set<Integer> trial = new HashSet<>(Set.of(number));
    int left =
        Standstill.await(
            () -> sweep(trial, PAGE_SIZE, this::findable), LoadTest.STANDSTILL, _ -> {});
    AwsErrors.call("dynamodb:DeleteItem", () -> items.delete(number));
    if (left > 0) {
      throw OperationException.failed(
          "a first item was not indexed within %d s, so nothing more was written: check the stream's alarms and utsushi dlq list"
              .formatted(LoadTest.STANDSTILL.toSeconds()));
    }
  }

  @Override
  public void begin(RunRecorder recorder, Instant startedAt) {
    this.recorder = recorder;
    this.startedAt = startedAt;
  }

  private RunRecorder recorder() {
    return Objects.requireNonNull(recorder, "No run is being recorded");
  }

  @Override
  public void write(PlannedWrite write) {
    items.put(write.number(), item(write));
    expected.add(write.number());
  }

  private Map<String, AttributeValue> item(PlannedWrite write) {
    Instant due = startedAt.plusNanos(write.scheduledNanos());
    return items.item(write.number(), write.bytes(), due);
  }

  @Override
  public SearchableProbe probe() {
    return new SearchableProbe(recorder(), documents, Moment.ACKNOWLEDGED, LONGEST_SEARCH);
  }

  private Set<Integer> findable(Collection<Integer> numbers) throws InterruptedException {
    return documents.find(numbers, "_replication").keySet();
  }

  /** Returns which of some items are as they should be in the index. */
  interface Check {
    Collection<Integer> done(List<Integer> numbers) throws InterruptedException;
  }

  /**
   * Checks each number once, a page at a time, and removes those that are done.
   *
   * @return how many are left
   */
  static int sweep(Set<Integer> left, int pageSize, Check check) throws InterruptedException {
    try {
      for (var page : left.stream().gather(Gatherers.windowFixed(pageSize)).toList()) {
        left.removeAll(check.done(page));
      }
    } catch (SearchException _) {
      // The engine is busy or away: the next sweep checks the rest.
    }
    return left.size();
  }

  @Override
  public int missing() throws InterruptedException {
    return sweep(expected, PAGE_SIZE, this::arrived);
  }

  private Set<Integer> arrived(List<Integer> numbers) throws InterruptedException {
    Map<Integer, IndexedDocument> found = documents.find(numbers, "*");
    found.forEach(
        (number, document) -> {
          comparison.item(item(recorder().plan().write(number)));
          comparison.visible(document);
          record(number, document.source().path("_replication").path("indexedAt").asText());
        });
    return found.keySet();
  }

  private void record(int number, String indexedAt) {
    try {
      Duration at = Duration.between(startedAt, Instant.parse(indexedAt));
      recorder().record(Moment.INDEXED, number, at.toNanos());
    } catch (DateTimeException _) {
      // The comparison reports a malformed document.
    }
  }

  @Override
  public void end() {
    try {
      var _ = missing();
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
  public TestedPipeline pipeline() {
    return new TestedPipeline.Deployed(
        stream.stack(), stream.region(), stream.index(), clocksApart());
  }

  /** Looks for the impossible: indexed before it was written, or found before it was indexed. */
  private Duration clocksApart() {
    long most = 0;
    for (int i = 0; i < recorder().plan().size(); i++) {
      long indexed = recorder().at(Moment.INDEXED, i);
      long found = recorder().at(Moment.FOUND, i);
      if (indexed > 0) {
        most = Math.max(most, recorder().at(Moment.SENT, i) - indexed);
        most = found > 0 ? Math.max(most, indexed - found) : most;
      }
    }
    return Duration.ofNanos(most);
  }

  /**
   * Deletes every item of the test at the rate at which they were written. An interruption does not
   * end it, but makes it as fast as a user who waits for it expects.
   *
   * @param hurried whether the user waits already
   */
  public Remains cleanUp(double perSecond, boolean hurried, LoadListener listener) {
    var cleanUp = new CleanUp(items, documents, perSecond, listener);
    if (hurried) {
      cleanUp.hurry();
    }
    var cleaning = new FutureTask<>(cleanUp::run);
    Thread.ofVirtual().start(cleaning);
    return await(cleaning, cleanUp);
  }

  private static Remains await(FutureTask<Remains> cleaning, CleanUp cleanUp) {
    try {
      return cleaning.get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException _) {
      cleanUp.hurry();
      try {
        return await(cleaning, cleanUp);
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Finds the items that tests left which were killed. Reads the whole table.
   *
   * @return the items of each test, by run
   */
  public SortedMap<String, TestItems> leftBehind(LoadListener listener) {
    return AwsErrors.call("dynamodb:Scan", () -> items.leftBehind(listener::status));
  }

  /** Deletes what a test left behind; an interruption ends it. */
  public Remains cleanUp(TestItems left, double perSecond, LoadListener listener)
      throws InterruptedException {
    return new CleanUp(left, documents(left), perSecond, listener).run();
  }

  @Override
  public void close() {
    search.close();
    dynamoDb.close();
  }
}
