package dev.utsushi.core.settings;

import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.Mapping;
import dev.utsushi.core.projection.Projection;
import dev.utsushi.core.projection.Target;
import dev.utsushi.core.projection.Targets;
import dev.utsushi.core.projection.TargetsReader;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.KinesisSource;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.settings.Settings.DeadLetterSettings;
import dev.utsushi.core.settings.Settings.RunSettings;
import dev.utsushi.core.settings.Settings.SearchAuth;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.core.settings.Settings.WorkerSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings and collects what is wrong with them. */
final class SettingsReader {
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

  private static final String FAILURE_QUEUE_MEANING =
      "the URL of the failure queue, which capture reads, like"
          + " https://sqs.us-east-1.amazonaws.com/123456789012/failures";

  private static final Pattern CONCURRENCY = Pattern.compile("[2-9]|[1-9]\\d{1,2}|1000");

  /** The longest name of a table has 255 characters; that of the second one ends with 17 more. */
  private static final Pattern WORKER_NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,238}");

  private static final String WORKER_NAME_MEANING =
      "3 to 238 letters, digits, underscores, hyphens and dots";

  private static final String CONCURRENCY_MEANING =
      "the maximum concurrency of the event source mapping, 2 to 1000";

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  SettingsReader(Map<String, String> environment) {
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
    String table = tableArn == null ? "" : tableArn;
    List<Target> targets =
        targets(index, keySchema, mapping).stream().map(target -> target.of(table)).toList();
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
        targets.getFirst().mapping(),
        ttlDeletes,
        lagAttribute,
        tableArn,
        kinesis,
        new Targets(targets, keySchema.names(), ttlDeletes == TtlDeletes.KEEP));
  }

  Settings kinesisSettings() {
    required(Setting.KINESIS_STREAM_ARN, KINESIS_STREAM_ARN_MEANING);
    required(Setting.KINESIS_SINCE, KINESIS_SINCE_MEANING);
    return settings();
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
    String queueUrl = required(Setting.FAILURE_QUEUE_URL, FAILURE_QUEUE_MEANING);
    check(Setting.FAILURE_QUEUE_URL, QUEUE_URL, FAILURE_QUEUE_MEANING);
    String name = value(Setting.WORKER_NAME);
    check(Setting.WORKER_NAME, WORKER_NAME, WORKER_NAME_MEANING);
    List<String> filterPatterns = filterPatterns();
    int lanes = number(Setting.WORKER_LANES, 10, 1, 100);
    int batchSize = number(Setting.WORKER_BATCH_SIZE, 100, 1, 1_000);
    int retries = number(Setting.WORKER_RETRIES, 3, 0, 10_000);
    Duration attempt = Duration.ofSeconds(number(Setting.WORKER_ATTEMPT_SECONDS, 30, 1, 900));
    int port = number(Setting.WORKER_PORT, 8080, 0, 65_535);
    return new WorkerSettings(
        settings(),
        source,
        queueUrl,
        name,
        filterPatterns,
        lanes,
        batchSize,
        retries,
        attempt,
        port);
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
    String authorities = value(Setting.SEARCH_CA);
    if (authorities != null
        && !authorities.startsWith("-----BEGIN ")
        && Settings.class.getResource("/" + authorities) == null) {
      problem(Setting.SEARCH_CA, "is unknown: '%s' is not in the jar".formatted(authorities));
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
    String partitionKey = required(Setting.PARTITION_KEY, "the name of the table's partition key");
    String sortKey = value(Setting.SORT_KEY);
    if (partitionKey.equals(sortKey)) {
      problem(
          Setting.SORT_KEY, "names the partition key: leave it out for a table without a sort key");
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

  /** Returns the targets: without the setting one, with the index and the mapping. */
  private List<Target> targets(IndexNames index, KeySchema keySchema, @Nullable Mapping mapping) {
    String given = value(Setting.TARGETS);
    if (given == null) {
      return mapping == null ? List.of() : List.of(new Target(index, mapping, Projection.WHOLE));
    }
    if (value(Setting.MAPPING) != null) {
      problem(Setting.MAPPING, "must be among the targets: " + Setting.TARGETS.variable());
    }
    try {
      TargetsReader reader = new TargetsReader(keySchema.names(), true);
      reader.read(given.stripLeading().startsWith("[") ? given : Mapping.resource(given)).stream()
          .map(problem -> problem.pointer() + ' ' + problem.what())
          .forEach(what -> problem(Setting.TARGETS, what.strip()));
      if (!reader.targets().isEmpty() && !reader.targets().getFirst().index().equals(index)) {
        problem(Setting.INDEX, "must be the first of the targets");
      }
      return reader.targets();
    } catch (IllegalArgumentException e) {
      problem(Setting.TARGETS, "must be a JSON array, or the name of a resource in the jar");
      return List.of();
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
        Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
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
