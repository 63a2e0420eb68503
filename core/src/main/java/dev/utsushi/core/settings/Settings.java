package dev.utsushi.core.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.telemetry.Metric;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The function's settings: their names, their rules and their values.
 *
 * @param secretArn the secret for {@code BASIC} and {@code APIKEY}, null for the others
 * @param region the region that the function runs in; null only if {@code auth} needs none
 * @param stack the stack that the function is of, by which it reports its metrics; null for none
 * @param lagAttribute null if lag is measured from the stream's own time, in whole seconds
 * @param tableArn the table that is replicated; null for that of the first record
 * @param kinesis the Kinesis stream that delivers the table's changes; null for none
 */
public record Settings(
    URI endpoint,
    SearchAuth auth,
    @Nullable String secretArn,
    @Nullable String region,
    IndexNames index,
    @Nullable String stack,
    KeySchema keySchema,
    Mapping mapping,
    TtlDeletes ttlDeletes,
    @Nullable String lagAttribute,
    @Nullable String tableArn,
    @Nullable KinesisSource kinesis) {

  /** Returns the dimensions of the function's metrics. */
  public Map<String, String> dimensions() {
    Map<String, String> dimensions = new TreeMap<>();
    dimensions.put(Metric.INDEX_DIMENSION, index.reader());
    if (stack != null) {
      dimensions.put(Metric.STACK_DIMENSION, stack);
    }
    return dimensions;
  }

  /** The environment variables of the function. */
  public enum Setting {
    /** URL of the cluster: scheme, host, and a path if a gateway serves the engine under one. */
    SEARCH_ENDPOINT,
    /** {@link SearchAuth}, in lower case. */
    SEARCH_AUTH,
    /** ARN of the Secrets Manager secret with {@code username} and {@code password}, or the key. */
    SEARCH_SECRET_ARN,
    /** Certificate authorities to trust beside the JDK's: a resource in the jar, in PEM. */
    SEARCH_CA,
    /** The readers' alias. */
    INDEX,
    /** Name of the stack, which sets its metrics apart from another stack's of the same index. */
    STACK,
    /** Name of the table's partition key. */
    PARTITION_KEY,
    /** Name of the table's sort key, if it has one. */
    SORT_KEY,
    /** The index's mapping: a resource in the jar, or JSON. */
    MAPPING,
    /** {@link TtlDeletes}, in lower case. */
    TTL_DELETES,
    /** An attribute with the time of the write, for lag in milliseconds. */
    LAG_ATTRIBUTE,
    /** ARN of the table: records of other tables are refused. Capture and replay need it. */
    TABLE_ARN,
    /** ARN of the Kinesis stream that the table's changes go to, if one delivers them. */
    KINESIS_STREAM_ARN,

    /** {@link KinesisSource#since}, like {@code 2026-11-01T00:00:00.000}. */
    KINESIS_SINCE,

    /** URL of the dead-letter queue; for capture and replay. */
    DEAD_LETTER_QUEUE_URL,
    /** {@code true} or {@code false}: whether capture writes the records once more first. */
    SECOND_CHANCE,
    /** The mapping's filter patterns, a JSON array of objects; for capture and replay. */
    FILTER_PATTERNS,
    /** The replication function's log group: capture asks it why records failed. */
    REPLICATION_LOG_GROUP,
    /** Name of the table of runs; for backfill and verification. */
    RUN_TABLE,
    /** URL of the queue of segments; for backfill and verification. */
    SEGMENT_QUEUE_URL,
    /** How many segments Lambda has worked on at once at most; for backfill and verification. */
    MAXIMUM_CONCURRENCY,
    /** ARN of the table's stream that the worker reads; without it the worker reads Kinesis. */
    STREAM_ARN,
    /** URL of the queue for messages about records that the worker gives up. */
    FAILURE_QUEUE_URL,
    /**
     * How many changes of a shard the worker writes at a time; changes of an item stay in order.
     */
    WORKER_LANES,
    /** How many waiting records of a lane the worker writes in one request at most. */
    WORKER_BATCH_SIZE,
    /** How often the worker tries a failed record again. */
    WORKER_RETRIES,
    /** For how many seconds the worker tries to reach the engine in one attempt. */
    WORKER_ATTEMPT_SECONDS,
    /** The port of the worker's health and metrics; 0 for any. */
    WORKER_PORT;

    private static final String PREFIX = "UTSUSHI_";

    /** Returns the variable's name. */
    public String variable() {
      return PREFIX + name();
    }
  }

  /** How the function authenticates to the engine. */
  public enum SearchAuth {
    /** AWS Signature Version 4 with the function's role. */
    SIGV4,
    /** User name and password from a secret. */
    BASIC,
    /** An Elasticsearch API key from a secret. */
    APIKEY,
    /** Not at all. */
    NONE
  }

  /**
   * The settings of capture and replay.
   *
   * @param replication what they share with the replication
   * @param tableArn the table that the dead letters come from
   * @param queueUrl the dead-letter queue
   * @param secondChance whether capture writes the records once more first
   * @param filterPatterns the filters of the event source mapping; without any, every record
   *     matches
   * @param replicationLogGroup the log that says why records failed; null if it can't be asked
   */
  public record DeadLetterSettings(
      Settings replication,
      String tableArn,
      String queueUrl,
      boolean secondChance,
      List<String> filterPatterns,
      @Nullable String replicationLogGroup) {

    /** Returns the ARNs of the streams' owners: the table, and a Kinesis stream if there is one. */
    public Set<String> sources() {
      var kinesis = replication.kinesis();
      return KinesisSource.sources(tableArn, kinesis == null ? null : kinesis.streamArn());
    }
  }

  /**
   * The settings of backfill and verification.
   *
   * @param replication what they share with the replication
   * @param tableArn the table to read
   * @param filterPatterns as of capture and replay
   * @param runTable name of the table of runs
   * @param queueUrl the queue of segments
   * @param maximumConcurrency how many segments are worked on at once at most
   */
  public record RunSettings(
      Settings replication,
      String tableArn,
      List<String> filterPatterns,
      String runTable,
      String queueUrl,
      int maximumConcurrency) {}

  /**
   * The settings of the worker.
   *
   * @param replication what it shares with the function
   * @param streamArn the stream of the table, or the Kinesis stream, that it reads
   * @param failureQueueUrl receives messages about records that it gives up
   * @param filterPatterns which records it writes; without any, all
   * @param lanes how many changes of a shard it writes at a time
   * @param batchSize how many records it writes in one request at most
   * @param retries how often it tries a failed record again
   * @param attempt how long it tries to reach the engine each time
   * @param port of its health and metrics; 0 for any
   */
  public record WorkerSettings(
      Settings replication,
      String streamArn,
      String failureQueueUrl,
      List<String> filterPatterns,
      int lanes,
      int batchSize,
      int retries,
      Duration attempt,
      int port) {

    /** Returns whether it reads a Kinesis stream. */
    public boolean readsKinesis() {
      return KinesisSource.isKinesis(streamArn);
    }
  }

  /**
   * Reads the settings.
   *
   * @throws SettingsException with every problem
   */
  public static Settings read(Map<String, String> environment) {
    return new Reader(environment).settings();
  }

  /**
   * Reads the settings of a function that a Kinesis stream invokes.
   *
   * @throws SettingsException with every problem
   */
  public static Settings readKinesis(Map<String, String> environment) {
    var reader = new Reader(environment);
    reader.required(Setting.KINESIS_STREAM_ARN, Reader.KINESIS_STREAM_ARN_MEANING);
    reader.required(Setting.KINESIS_SINCE, Reader.KINESIS_SINCE_MEANING);
    return reader.settings();
  }

  /**
   * Reads the settings of capture and replay.
   *
   * @throws SettingsException with every problem
   */
  public static DeadLetterSettings readDeadLetters(Map<String, String> environment) {
    return new Reader(environment).deadLetterSettings();
  }

  /**
   * Reads the settings of backfill and verification.
   *
   * @throws SettingsException with every problem
   */
  public static RunSettings readRuns(Map<String, String> environment) {
    return new Reader(environment).runSettings();
  }

  /**
   * Reads the settings of the worker.
   *
   * @throws SettingsException with every problem
   */
  public static WorkerSettings readWorker(Map<String, String> environment) {
    return new Reader(environment).workerSettings();
  }

  /**
   * Returns the patterns in the variable of the filter patterns.
   *
   * @param variable its value; null without one
   * @throws IllegalArgumentException if it is no JSON array of objects
   */
  public static List<String> filterPatterns(@Nullable String variable) {
    List<String> patterns = new ArrayList<>();
    try {
      JsonNode array = new ObjectMapper().readTree(variable == null ? "[]" : variable);
      array.forEach(pattern -> patterns.add(pattern.isObject() ? pattern.toString() : ""));
      if (array.isArray() && !patterns.contains("")) {
        return patterns;
      }
    } catch (JsonProcessingException e) {
      // The same problem; the parser would quote the text.
    }
    throw new IllegalArgumentException("must be a JSON array of filter patterns");
  }

  /** Reads the settings and collects what is wrong with them. */
  private static final class Reader {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d+){3}|\\[::1]");

    private static final Pattern TABLE_ARN =
        Pattern.compile("arn:[^:]+:dynamodb:[^:]+:[^:]+:table/[^/]+");
    private static final String TABLE_ARN_MEANING =
        "the ARN of the table, like arn:aws:dynamodb:us-east-1:123456789012:table/actions";

    private static final Pattern KINESIS_STREAM_ARN =
        Pattern.compile("arn:[^:]+:kinesis:[^:]+:[^:]+:stream/[^/]+");
    private static final String KINESIS_STREAM_ARN_MEANING =
        "the ARN of a Kinesis stream, like arn:aws:kinesis:us-east-1:123456789012:stream/actions";
    private static final Pattern KINESIS_SINCE =
        Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}");
    private static final String KINESIS_SINCE_MEANING =
        "the time in UTC since which the table sends its changes to Kinesis, like"
            + " 2026-11-01T00:00:00.000";
    private static final Pattern STREAM_ARN = Pattern.compile(TABLE_ARN.pattern() + "/stream/.+");
    private static final String STREAM_ARN_MEANING =
        "the ARN of the table's stream, like"
            + " arn:aws:dynamodb:us-east-1:123456789012:table/actions/stream/2026-11-01T00:00:00.000";
    private static final Pattern QUEUE_URL = Pattern.compile("https?://[^/]+/.+");
    private static final String QUEUE_URL_MEANING =
        "the URL of the dead-letter queue, like"
            + " https://sqs.us-east-1.amazonaws.com/123456789012/actions";

    private static final String SEGMENT_QUEUE_MEANING =
        "the URL of the queue of segments, like"
            + " https://sqs.us-east-1.amazonaws.com/123456789012/segments";

    private static final Pattern CONCURRENCY = Pattern.compile("[2-9]|[1-9]\\d{1,2}|1000");
    private static final String CONCURRENCY_MEANING =
        "the maximum concurrency of the event source mapping, 2 to 1000";

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    Settings settings() {
      findUnknownNames();
      SearchAuth auth = choice(Setting.SEARCH_AUTH, SearchAuth.class, SearchAuth.SIGV4);
      URI endpoint = endpoint(auth);
      String secretArn = secretArn(auth);
      checkCertificateAuthorities();
      String region = region(auth);
      IndexNames index = index();
      KeySchema keySchema = keySchema();
      Mapping mapping = mapping();
      TtlDeletes ttlDeletes = choice(Setting.TTL_DELETES, TtlDeletes.class, TtlDeletes.DELETE);
      String lagAttribute = value(Setting.LAG_ATTRIBUTE);
      String tableArn = value(Setting.TABLE_ARN);
      check(Setting.TABLE_ARN, TABLE_ARN, TABLE_ARN_MEANING);
      KinesisSource kinesis = kinesis();
      if (!problems.isEmpty() || endpoint == null || mapping == null) {
        throw new SettingsException(problems);
      }
      return new Settings(
          endpoint,
          auth,
          secretArn,
          region,
          index,
          value(Setting.STACK),
          keySchema,
          mapping,
          ttlDeletes,
          lagAttribute,
          tableArn,
          kinesis);
    }

    DeadLetterSettings deadLetterSettings() {
      String tableArn = required(Setting.TABLE_ARN, TABLE_ARN_MEANING);
      String queueUrl = required(Setting.DEAD_LETTER_QUEUE_URL, QUEUE_URL_MEANING);
      check(Setting.DEAD_LETTER_QUEUE_URL, QUEUE_URL, QUEUE_URL_MEANING);
      boolean secondChance = flag(Setting.SECOND_CHANCE);
      List<String> filterPatterns = filterPatterns();
      return new DeadLetterSettings(
          settings(),
          tableArn,
          queueUrl,
          secondChance,
          filterPatterns,
          value(Setting.REPLICATION_LOG_GROUP));
    }

    RunSettings runSettings() {
      String tableArn = required(Setting.TABLE_ARN, TABLE_ARN_MEANING);
      String runTable = required(Setting.RUN_TABLE, "the name of the table of runs");
      String queueUrl = required(Setting.SEGMENT_QUEUE_URL, SEGMENT_QUEUE_MEANING);
      check(Setting.SEGMENT_QUEUE_URL, QUEUE_URL, SEGMENT_QUEUE_MEANING);
      String concurrency = required(Setting.MAXIMUM_CONCURRENCY, CONCURRENCY_MEANING);
      check(Setting.MAXIMUM_CONCURRENCY, CONCURRENCY, CONCURRENCY_MEANING);
      // Anything else is one of the problems.
      int workers = CONCURRENCY.matcher(concurrency).matches() ? Integer.parseInt(concurrency) : 1;
      return new RunSettings(settings(), tableArn, filterPatterns(), runTable, queueUrl, workers);
    }

    WorkerSettings workerSettings() {
      String streamArn = value(Setting.STREAM_ARN);
      check(Setting.STREAM_ARN, STREAM_ARN, STREAM_ARN_MEANING);
      String source =
          streamArn == null
              ? required(Setting.KINESIS_STREAM_ARN, KINESIS_STREAM_ARN_MEANING + ", or STREAM_ARN")
              : streamArn;
      if (environment.get("AWS_REGION") == null) {
        problems.add("AWS_REGION is missing: the worker reads a stream of a region");
      }
      String queueUrl = required(Setting.FAILURE_QUEUE_URL, QUEUE_URL_MEANING);
      check(Setting.FAILURE_QUEUE_URL, QUEUE_URL, QUEUE_URL_MEANING);
      List<String> filterPatterns = filterPatterns();
      int lanes = number(Setting.WORKER_LANES, 10, 1, 100);
      int batchSize = number(Setting.WORKER_BATCH_SIZE, 100, 1, 1_000);
      int retries = number(Setting.WORKER_RETRIES, 3, 0, 10_000);
      Duration attempt = Duration.ofSeconds(number(Setting.WORKER_ATTEMPT_SECONDS, 30, 1, 900));
      int port = number(Setting.WORKER_PORT, 8080, 0, 65_535);
      return new WorkerSettings(
          settings(), source, queueUrl, filterPatterns, lanes, batchSize, retries, attempt, port);
    }

    private int number(Setting setting, int otherwise, int least, int most) {
      String text = value(setting);
      if (text == null) {
        return otherwise;
      }
      int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
      if (number < least || number > most) {
        problem(setting, "must be %d to %d".formatted(least, most));
      }
      return number;
    }

    private void findUnknownNames() {
      List<String> known = Arrays.stream(Setting.values()).map(Setting::variable).toList();
      environment.keySet().stream()
          .filter(name -> name.startsWith(Setting.PREFIX) && !known.contains(name))
          .sorted()
          .forEach(name -> problems.add(name + " is not a setting" + didYouMean(name, known)));
    }

    private @Nullable URI endpoint(SearchAuth auth) {
      String text =
          required(Setting.SEARCH_ENDPOINT, "the URL of the cluster, like https://host:9200");
      URI uri = uri(text);
      if (text.isEmpty()) {
        return null;
      }
      if (uri == null) {
        problem(
            Setting.SEARCH_ENDPOINT,
            "must be a URL of scheme and host, and perhaps a path, like https://host:9200");
      } else if (uri.getScheme().equals("http")
          && auth != SearchAuth.NONE
          && !LOOPBACK.matcher(uri.getHost()).matches()) {
        problem(
            Setting.SEARCH_ENDPOINT, "must be https: over http, others could read the credentials");
      } else if (uri.getHost().endsWith(".aoss.amazonaws.com")) {
        problem(
            Setting.SEARCH_ENDPOINT,
            "is of OpenSearch Serverless, which is not supported: use a domain of OpenSearch"
                + " Service");
      }
      return uri;
    }

    private static @Nullable URI uri(String text) {
      try {
        URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        boolean bare =
            uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null;
        return http && bare && uri.getHost() != null ? uri : null;
      } catch (URISyntaxException e) {
        return null;
      }
    }

    private @Nullable String secretArn(SearchAuth auth) {
      String arn = value(Setting.SEARCH_SECRET_ARN);
      boolean needed = auth == SearchAuth.BASIC || auth == SearchAuth.APIKEY;
      String name = auth.name().toLowerCase(Locale.ROOT);
      if (needed && arn == null) {
        problem(Setting.SEARCH_SECRET_ARN, "is missing: " + name + " reads its secret from there");
      }
      if (!needed && arn != null) {
        problem(Setting.SEARCH_SECRET_ARN, "is set, but " + name + " uses no secret");
      }
      return arn;
    }

    private void checkCertificateAuthorities() {
      String resource = value(Setting.SEARCH_CA);
      if (resource != null && Settings.class.getResource("/" + resource) == null) {
        problem(Setting.SEARCH_CA, "is unknown: '%s' is not in the jar".formatted(resource));
      }
    }

    /** Lambda sets the variable itself. */
    private @Nullable String region(SearchAuth auth) {
      String region = environment.get("AWS_REGION");
      if (region == null && auth == SearchAuth.SIGV4) {
        problems.add("AWS_REGION is missing: sigv4 signs for a region");
      }
      return region;
    }

    private IndexNames index() {
      IndexNames names =
          new IndexNames(required(Setting.INDEX, "the readers' alias, like activity-logs"));
      if (!names.reader().isEmpty() && !names.isValid()) {
        problem(Setting.INDEX, IndexNames.RULE);
      }
      return names;
    }

    private KeySchema keySchema() {
      String partitionKey =
          required(Setting.PARTITION_KEY, "the name of the table's partition key");
      String sortKey = value(Setting.SORT_KEY);
      if (partitionKey.equals(sortKey)) {
        problem(
            Setting.SORT_KEY,
            "names the partition key: leave it out for a table without a sort key");
      }
      return new KeySchema(partitionKey, sortKey);
    }

    private @Nullable KinesisSource kinesis() {
      String streamArn = value(Setting.KINESIS_STREAM_ARN);
      String since = value(Setting.KINESIS_SINCE);
      check(Setting.KINESIS_STREAM_ARN, KINESIS_STREAM_ARN, KINESIS_STREAM_ARN_MEANING);
      check(Setting.KINESIS_SINCE, KINESIS_SINCE, KINESIS_SINCE_MEANING);
      if (streamArn != null && since != null) {
        return new KinesisSource(streamArn, since);
      }
      if (since != null) {
        problem(Setting.KINESIS_SINCE, "needs " + Setting.KINESIS_STREAM_ARN.variable());
      } else if (streamArn != null) {
        problem(Setting.KINESIS_STREAM_ARN, "needs " + Setting.KINESIS_SINCE.variable());
      }
      return null;
    }

    private @Nullable Mapping mapping() {
      String given = value(Setting.MAPPING);
      try {
        return Mapping.read(given == null ? Mapping.DEFAULT_RESOURCE : given);
      } catch (IllegalArgumentException e) {
        problem(Setting.MAPPING, "is invalid: " + e.getMessage());
        return null;
      }
    }

    private List<String> filterPatterns() {
      try {
        return Settings.filterPatterns(value(Setting.FILTER_PATTERNS));
      } catch (IllegalArgumentException e) {
        problem(Setting.FILTER_PATTERNS, String.valueOf(e.getMessage()));
        return List.of();
      }
    }

    private <E extends Enum<E>> E choice(Setting setting, Class<E> type, E otherwise) {
      String given = value(setting);
      if (given == null) {
        return otherwise;
      }
      List<String> choices =
          Arrays.stream(type.getEnumConstants())
              .map(e -> e.name().toLowerCase(Locale.ROOT))
              .toList();
      int chosen = choices.indexOf(given);
      if (chosen >= 0) {
        return type.getEnumConstants()[chosen];
      }
      problem(setting, "must be one of " + String.join(", ", choices) + didYouMean(given, choices));
      return otherwise;
    }

    private boolean flag(Setting setting) {
      String value = value(setting);
      if (value != null && !value.equals("true") && !value.equals("false")) {
        problem(setting, "must be one of true, false");
      }
      return "true".equals(value);
    }

    private void check(Setting setting, Pattern pattern, String meaning) {
      String value = value(setting);
      if (value != null && !pattern.matcher(value).matches()) {
        problem(setting, "must be " + meaning);
      }
    }

    private String required(Setting setting, String what) {
      String value = value(setting);
      if (value == null) {
        problem(setting, "is missing: " + what);
        return "";
      }
      return value;
    }

    private @Nullable String value(Setting setting) {
      String value = environment.get(setting.variable());
      return value == null || value.isBlank() ? null : value;
    }

    private void problem(Setting setting, String what) {
      problems.add(setting.variable() + ' ' + what);
    }

    private static String didYouMean(String given, List<String> known) {
      return Suggestion.nearest(given, known)
          .map(nearest -> "; did you mean " + nearest + "?")
          .orElse("");
    }
  }
}
