package dev.utsushi.core.run;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.utsushi.core.run.Run.State;
import dev.utsushi.core.run.Segment.Count;
import dev.utsushi.core.run.Segment.Finding;
import dev.utsushi.core.run.SegmentQueue.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The DynamoDB table of one stream's runs: the truth about them, while messages only wake workers.
 * It keeps the last run and the segments of each. Every method throws the SDK's {@code
 * SdkException} if DynamoDB rejects the request or does not answer.
 *
 * @param table its name; its keys are {@value #PARTITION_KEY} (S) and {@value #SORT_KEY} (N)
 */
public record RunStore(DynamoDbClient dynamoDb, String table, InstantSource clock) {
  /** The table's partition key. */
  public static final String PARTITION_KEY = "run";

  /** The table's sort key. */
  public static final String SORT_KEY = "segment";

  /** The attribute that holds when DynamoDB may delete an item. */
  public static final String TIME_TO_LIVE = "expires";

  /** The table holds what this version can't read. */
  public static final class OtherVersionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private OtherVersionException(String what) {
      super("the table of runs has %s: another version of Utsushi wrote it".formatted(what));
    }
  }

  private static final Duration KEPT = Duration.ofDays(90);
  private static final Map<String, AttributeValue> LAST = key("last", -1);

  /** Creates the store in this table, for the function's own role and region. */
  public static RunStore at(String table) {
    return new RunStore(
        DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).build(),
        table,
        InstantSource.system());
  }

  /**
   * Starts a run, unless another one is running.
   *
   * @return whether it was started
   */
  public boolean start(Run run) {
    Map<String, AttributeValue> item = item(run);
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(item)
                  .conditionExpression(
                      "attribute_not_exists(id) OR #state <> :running OR openSegments = :none")
                  .expressionAttributeNames(Map.of("#state", "state"))
                  .expressionAttributeValues(
                      Map.of(":running", text(State.RUNNING.name()), ":none", number(0))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  /**
   * Takes back the start of a run: what workers do for it from now on counts for nothing.
   *
   * @param before what was the last run before; null for none
   */
  public void takeBack(Run run, @Nullable Run before) {
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(before == null ? LAST : item(before))
                  .conditionExpression("id = :id")
                  .expressionAttributeValues(Map.of(":id", text(run.id()))));
    } catch (ConditionalCheckFailedException e) {
      // Another one was started meanwhile.
    }
  }

  private static Map<String, AttributeValue> item(Run run) {
    Map<String, AttributeValue> item = new HashMap<>(LAST);
    item.put("id", text(run.id()));
    item.put("kind", text(run.kind().name()));
    item.put("state", text(run.state().name()));
    item.put("segments", number(run.segments()));
    item.put("totalSegments", number(run.totalSegments()));
    item.put("firstSegment", number(run.firstSegment()));
    item.put("openSegments", number(run.openSegments()));
    item.put("readCapacity", text(Double.toString(run.readCapacity())));
    item.put("repair", AttributeValue.fromBool(run.repair()));
    item.put("settleMillis", number(run.settle().toMillis()));
    item.put("startedAt", text(run.startedAt().toString()));
    run.counts().forEach((count, sum) -> item.put(attribute(count), number(sum)));
    return item;
  }

  /** Returns the last run. */
  public Optional<Run> last() {
    var item = dynamoDb.getItem(get -> get.tableName(table).key(LAST).consistentRead(true)).item();
    // Of a first run that was taken back, the keys are left.
    return item.size() <= LAST.size() ? Optional.empty() : Optional.of(run(item));
  }

  private static Run run(Map<String, AttributeValue> item) {
    int open = (int) longOf(item, "openSegments");
    return new Run(
        textOf(item, "id"),
        constant(Run.Kind.class, textOf(item, "kind")),
        open == 0 ? State.FINISHED : constant(State.class, textOf(item, "state")),
        (int) longOf(item, "segments"),
        (int) longOf(item, "totalSegments"),
        (int) longOf(item, "firstSegment"),
        open,
        Double.parseDouble(textOf(item, "readCapacity")),
        required(item, "repair").bool(),
        Duration.ofMillis(longOf(item, "settleMillis")),
        Instant.parse(textOf(item, "startedAt")),
        counts(item));
  }

  /**
   * Stops a run, or lets it go on.
   *
   * @return whether it is still the last run
   */
  public boolean change(Run run, State state) {
    try {
      dynamoDb.updateItem(
          update ->
              update
                  .tableName(table)
                  .key(LAST)
                  .updateExpression("SET #state = :state")
                  .conditionExpression("id = :id")
                  .expressionAttributeNames(Map.of("#state", "state"))
                  .expressionAttributeValues(
                      Map.of(":state", text(state.name()), ":id", text(run.id()))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  /**
   * Fixes the end of the documents, in the engine's sequence numbers, once for all ranges of a work
   * in an index.
   *
   * @param target the number of the index
   * @param proposed what to fix it at, if nobody has
   */
  public long endOfDocuments(Run run, Run.Work work, int target, long proposed) {
    String name = "endOf" + work + (target == 0 ? "" : target);
    return longOf(
        dynamoDb
            .updateItem(
                update ->
                    update
                        .tableName(table)
                        .key(key(run.id(), -1))
                        .updateExpression(
                            "SET #end = if_not_exists(#end, :end), expires = :expires")
                        .expressionAttributeNames(Map.of("#end", name))
                        .expressionAttributeValues(
                            Map.of(":end", number(proposed), ":expires", expires()))
                        .returnValues("ALL_NEW"))
            .attributes(),
        name);
  }

  /** Returns how far a segment is. */
  public Segment segment(Run run, int number) {
    var item =
        dynamoDb
            .getItem(get -> get.tableName(table).key(key(run.id(), number)).consistentRead(true))
            .item();
    return item.isEmpty() ? Segment.fresh(number) : segment(item);
  }

  /** Returns the segments that were worked on, in their order. */
  public List<Segment> segments(Run run) {
    return dynamoDb
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("#run = :run AND #segment >= :first")
                    .expressionAttributeNames(Map.of("#run", PARTITION_KEY, "#segment", SORT_KEY))
                    .expressionAttributeValues(Map.of(":run", text(run.id()), ":first", number(0))))
        .items()
        .stream()
        .map(RunStore::segment)
        .toList();
  }

  /** Returns the segments that workers may take now and that are not done, to wake workers. */
  public List<Task> tasks(Run run) {
    Set<Integer> done =
        segments(run).stream().filter(Segment::done).map(Segment::number).collect(toSet());
    return run.ready()
        .filter(number -> !done.contains(number))
        .mapToObj(number -> new Task(run.id(), number))
        .toList();
  }

  private static Segment segment(Map<String, AttributeValue> item) {
    AttributeValue failure = item.get("failure");
    return new Segment(
        (int) longOf(item, SORT_KEY),
        item.containsKey("page") ? longOf(item, "page") : 0,
        item.containsKey("done"),
        item.containsKey("cursor") ? required(item, "cursor").m() : Map.of(),
        counts(item),
        item.containsKey("findings")
            ? required(item, "findings").l().stream().map(each -> finding(each.m())).toList()
            : List.of(),
        failure == null ? null : failure.s(),
        item.containsKey("updatedAt") ? Instant.parse(textOf(item, "updatedAt")) : null);
  }

  private static Map<Count, Long> counts(Map<String, AttributeValue> item) {
    Map<Count, Long> counts = new TreeMap<>();
    Arrays.stream(Count.values())
        .filter(count -> item.containsKey(attribute(count)))
        .forEach(count -> counts.put(count, longOf(item, attribute(count))));
    return counts;
  }

  private static Finding finding(Map<String, AttributeValue> map) {
    return new Finding(
        constant(Count.class, textOf(map, "kind")), textOf(map, "id"), textOf(map, "detail"));
  }

  /**
   * Saves the progress of a page, unless another worker saved that page before.
   *
   * @return whether it was saved
   */
  public boolean save(Run run, Segment segment) {
    Update update = progress(run, segment);
    try {
      if (segment.done()) {
        dynamoDb.transactWriteItems(
            transaction -> transaction.transactItems(item(update), item(oneLess(run, segment))));
      } else {
        dynamoDb.updateItem(
            request ->
                request
                    .tableName(table)
                    .key(update.key())
                    .updateExpression(update.updateExpression())
                    .conditionExpression(update.conditionExpression())
                    .expressionAttributeNames(update.expressionAttributeNames())
                    .expressionAttributeValues(update.expressionAttributeValues()));
      }
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    } catch (TransactionCanceledException e) {
      if (e.cancellationReasons().stream().anyMatch(RunStore::isCondition)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isCondition(CancellationReason reason) {
    return "ConditionalCheckFailed".equals(reason.code());
  }

  private static TransactWriteItem item(Update update) {
    return TransactWriteItem.builder().update(update).build();
  }

  private Update progress(Run run, Segment segment) {
    Map<String, AttributeValue> values = new HashMap<>();
    segment.counts().forEach((count, sum) -> values.put(attribute(count), number(sum)));
    values.put("page", number(segment.page()));
    values.put("updatedAt", text(clock.instant().toString()));
    values.put(TIME_TO_LIVE, expires());
    if (segment.done()) {
      values.put("done", AttributeValue.fromBool(true));
    } else {
      values.put("cursor", AttributeValue.fromM(segment.cursor()));
    }
    if (!segment.findings().isEmpty()) {
      values.put(
          "findings",
          AttributeValue.fromL(segment.findings().stream().map(RunStore::map).toList()));
    }
    StringBuilder assignments = new StringBuilder("SET ");
    values
        .keySet()
        .forEach(
            name -> assignments.append('#').append(name).append(" = :").append(name).append(", "));
    Map<String, String> names =
        values.keySet().stream().collect(toMap(name -> '#' + name, name -> name));
    Map<String, AttributeValue> arguments =
        values.entrySet().stream().collect(toMap(each -> ':' + each.getKey(), Map.Entry::getValue));
    boolean first = segment.page() == 1;
    if (!first) {
      arguments.put(":before", number(segment.page() - 1));
    }
    assignments.setLength(assignments.length() - 2);
    return Update.builder()
        .tableName(table)
        .key(key(run.id(), segment.number()))
        .updateExpression(assignments + " REMOVE failure")
        .conditionExpression(first ? "attribute_not_exists(#page)" : "#page = :before")
        .expressionAttributeNames(names)
        .expressionAttributeValues(arguments)
        .build();
  }

  private Update oneLess(Run run, Segment done) {
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":less", number(-1));
    values.put(":id", text(run.id()));
    StringBuilder additions = new StringBuilder("ADD openSegments :less");
    done.counts()
        .forEach(
            (count, sum) -> {
              String name = attribute(count);
              names.put('#' + name, name);
              values.put(':' + name, number(sum));
              additions.append(", #").append(name).append(" :").append(name);
            });
    return Update.builder()
        .tableName(table)
        .key(LAST)
        .updateExpression(additions.toString())
        .conditionExpression("id = :id")
        .expressionAttributeNames(names.isEmpty() ? null : names)
        .expressionAttributeValues(values)
        .build();
  }

  /** Notes why a segment makes no progress, unless another worker has ended it. */
  public void fail(Run run, Segment segment, String failure) {
    try {
      dynamoDb.updateItem(
          update ->
              update
                  .tableName(table)
                  .key(key(run.id(), segment.number()))
                  .updateExpression("SET failure = :failure, updatedAt = :now, expires = :expires")
                  .conditionExpression("attribute_not_exists(done)")
                  .expressionAttributeValues(
                      Map.of(
                          ":failure", text(failure),
                          ":now", text(clock.instant().toString()),
                          ":expires", expires())));
    } catch (ConditionalCheckFailedException e) {
      // There is nothing left to do.
    }
  }

  private AttributeValue expires() {
    return number(clock.instant().plus(KEPT).getEpochSecond());
  }

  private static AttributeValue map(Finding finding) {
    return AttributeValue.fromM(
        Map.of(
            "kind", text(finding.kind().name()),
            "id", text(finding.id()),
            "detail", text(finding.detail())));
  }

  private static String attribute(Count count) {
    return count.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, AttributeValue> key(String run, int segment) {
    return Map.of(PARTITION_KEY, text(run), SORT_KEY, number(segment));
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  private static String textOf(Map<String, AttributeValue> item, String name) {
    return required(item, name).s();
  }

  private static long longOf(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(required(item, name).n());
  }

  private static AttributeValue required(Map<String, AttributeValue> item, String name) {
    @Nullable AttributeValue value = item.get(name);
    if (value == null) {
      throw new OtherVersionException("an item without '%s'".formatted(name));
    }
    return value;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new OtherVersionException("'%s', which is unknown".formatted(name)));
  }
}
