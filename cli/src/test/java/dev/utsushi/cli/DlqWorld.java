package dev.utsushi.cli;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.core.run.RunStore;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.mapping.EventSourceMappingSettings;
import dev.utsushi.local.mapping.MappingCounters;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.testbed.comparison.ComparisonReport;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import dev.utsushi.testbed.pipeline.PipelineOptions;
import dev.utsushi.testbed.search.SearchApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A deployed stream on the embedded AWS, with few and short attempts, so that an outage of seconds
 * makes dead letters for the dlq commands.
 */
final class DlqWorld implements AutoCloseable {
  static final String INDEX = "deals";

  /** Of capture and replay; the embedded mapping delivers all, so that the index has them too. */
  private static final String FILTER_PATTERN =
      """
      {"dynamodb":{"Keys":{"deal":{"S":[{"anything-but":{"prefix":"hidden"}}]}}}}\
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final JsonMapper JSON = new JsonMapper();

  /** The result of a command. */
  record Ran(int exitCode, String out, String err) {
    JsonNode json() {
      try {
        return JSON.readTree(out);
      } catch (IOException e) {
        throw new AssertionError(out + err, e);
      }
    }
  }

  private final LocalAws aws = LocalAws.start();
  private final AtomicLong written = new AtomicLong();
  private final EmbeddedPipeline pipeline;
  private final LocalEndpoints.Published file;
  private final Path endpoints;
  private final LocalEndpoints.Services services;

  /**
   * Starts the servers and the stream.
   *
   * @param attempt the function's time limit: it retries in that time while the engine is down, and
   *     a function that exceeds it starts again and checks its index
   */
  DlqWorld(Path directory, Duration attempt) {
    this(directory, attempt, _ -> Map.of());
  }

  /**
   * The same with other variables of the functions.
   *
   * @param more given the servers
   */
  DlqWorld(Path directory, Duration attempt, Function<LocalAws, Map<String, String>> more) {
    Path jar = Path.of(System.getProperty("utsushi.home"), "function/target/utsushi-function.jar");
    pipeline =
        new EmbeddedPipeline(
            aws,
            PipelineOptions.of(INDEX, jar, List.of(new KeyAttribute("deal", ScalarAttributeType.S)))
                .withFunctionTimeout(attempt)
                .withEnvironment(environment(more.apply(aws)))
                .withMapping(
                    EventSourceMappingSettings.defaults()
                        .withBatchSize(10)
                        .withMaximumRetryAttempts(1)
                        .withReportBatchItemFailures(true))
                .withFirstRetryWait(Duration.ofMillis(50))
                .withLongestRetryWait(Duration.ofMillis(100)));
    pipeline.start();
    endpoints = directory.resolve("endpoints.json");
    var here = pipeline.endpoints();
    services =
        new LocalEndpoints.Services(here.lambda(), here.sqs(), here.dynamoDb(), here.search());
    file = LocalEndpoints.ofThisProcess(EmbeddedPipeline.STACK, services).publish(endpoints);
  }

  private static Map<String, String> environment(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put(Setting.FILTER_PATTERNS.variable(), "[" + FILTER_PATTERN + "]");
    return environment;
  }

  /** Returns where the services answer. */
  LocalEndpoints.Services services() {
    return services;
  }

  /** Returns the table of runs. */
  RunStore runs() {
    return pipeline.worker().runs();
  }

  /** Returns how many messages the queue of segments has, and that of those that failed. */
  long segmentMessages() {
    return Stream.of("segments", "failed-segments").mapToLong(this::messages).sum();
  }

  private long messages(String role) {
    var sqs = aws.sqs().client();
    String url = sqs.getQueueUrl(get -> get.queueName(INDEX + "-" + role)).queueUrl();
    return sqs
        .getQueueAttributes(get -> get.queueUrl(url).attributeNames(QueueAttributeName.ALL))
        .attributes()
        .entrySet()
        .stream()
        .filter(each -> each.getKey().toString().startsWith("ApproximateNumberOfMessages"))
        .mapToLong(each -> Long.parseLong(each.getValue()))
        .sum();
  }

  LocalAws aws() {
    return aws;
  }

  SearchApi search() {
    return pipeline.search();
  }

  String streamArn() {
    return pipeline.streamArn();
  }

  String tableArn() {
    return pipeline.tableArn();
  }

  String queueUrl() {
    return pipeline.deadLetterQueueUrl();
  }

  /** Returns the number of changes that were given up so far. */
  long givenUp() {
    return pipeline.count(MappingCounters::deliveredRecords);
  }

  void put(String deal, long amount) {
    var item = Map.of("deal", fromS(deal), "amount", fromN(Long.toString(amount)));
    var old =
        aws.dynamoDb()
            .client()
            .putItem(put -> put.tableName(INDEX).item(item).returnValues(ReturnValue.ALL_OLD))
            .attributes();
    count(!old.equals(item));
  }

  void remove(String deal) {
    var old =
        aws.dynamoDb()
            .client()
            .deleteItem(
                delete ->
                    delete
                        .tableName(INDEX)
                        .key(Map.of("deal", fromS(deal)))
                        .returnValues(ReturnValue.ALL_OLD))
            .attributes();
    count(!old.isEmpty());
  }

  /** Counts a write; the stream has no record of a write that changes nothing. */
  private void count(boolean changed) {
    if (changed) {
      written.incrementAndGet();
    }
  }

  /** Waits until every change is in the index or captured as a dead letter. */
  void awaitQuiet() throws InterruptedException {
    await(
        () ->
            pipeline.count(MappingCounters::settledRecords) >= written.get()
                && pipeline.failures() == 0);
  }

  /** Returns the number of messages in the dead-letter queue, visible or in flight. */
  long messages() {
    return pipeline.deadLetters();
  }

  static void await(Callable<Boolean> condition) {
    Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(condition);
  }

  ComparisonReport compare() throws InterruptedException {
    return pipeline.compare();
  }

  /** Returns the version of every document, tombstones included. */
  Map<String, String> versions() throws InterruptedException {
    search().send("POST", "/" + INDEX + "-write/_refresh", "");
    JsonNode found =
        search().send("GET", "/" + INDEX + "-write/_search?size=5000&_source=_replication", "");
    Map<String, String> versions = new TreeMap<>();
    found
        .path("hits")
        .path("hits")
        .forEach(
            hit ->
                versions.put(
                    hit.path("_id").asText(),
                    hit.path("_source").path("_replication").path("version").asText()));
    return versions;
  }

  /** Sends a body to the dead-letter queue. */
  String send(String body) {
    return aws.sqs()
        .client()
        .sendMessage(request -> request.queueUrl(queueUrl()).messageBody(body))
        .messageId();
  }

  /** Returns the file for {@code --local}. */
  Path endpoints() {
    return endpoints;
  }

  /** Runs {@code utsushi dlq} with these arguments and {@code --local=FILE}. */
  Ran dlq(String arguments) {
    return run("dlq " + arguments + " --local=" + endpoints);
  }

  static Ran run(String arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Utsushi.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments.split(" "));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /** Runs a command, and answers its question. */
  static Ran answered(String answer, String arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((answer + '\n').getBytes(StandardCharsets.UTF_8)));
    try {
      return run(arguments);
    } finally {
      System.setIn(before);
    }
  }

  @Override
  public void close() {
    try (aws;
        pipeline;
        file) {
      // In reverse order of the flow.
    }
  }
}
