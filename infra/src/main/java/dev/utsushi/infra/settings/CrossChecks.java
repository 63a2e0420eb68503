package dev.utsushi.infra.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.utsushi.construct.RunSchedule;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Finds what a schema can't see: values that are right by themselves and wrong together. */
final class CrossChecks {
  private static final int MOST_SCHEDULED_STREAMS = 10;
  private static final int MOST_STREAMS_WITH_WORKERS = 9;

  /** A function's variables have 4,096 bytes together; the others and their names need the rest. */
  private static final int MAXIMUM_FILTER_BYTES = 2_500;

  /** DynamoDB counts an attribute's name in UTF-8. */
  private static final int MOST_NAME_BYTES = 255;

  private static final int MOST_PORT = 65_535;
  private static final Pattern TAG_KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{1,128}");
  private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{0,256}");

  /** What a rebuild of an index adds to its name. */
  private static final Pattern DERIVED = Pattern.compile("(.+)-(\\d{6}|write-old|write-new)");

  private final YamlTree tree;
  private final NamedFiles files;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, JsonPointer> streamsByName = new HashMap<>();
  private final Map<String, JsonPointer> newTables = new HashMap<>();
  private final ConsumerChecks consumers;
  private final TargetChecks targets;

  private CrossChecks(YamlTree tree, NamedFiles files) {
    this.tree = tree;
    this.files = files;
    consumers = new ConsumerChecks(tree, problems);
    targets = new TargetChecks(tree, files, problems);
  }

  /**
   * Finds the problems of a file, and reads its mappings.
   *
   * @param tree with all defaults, and without the values that break the schema
   */
  static List<Problem> find(YamlTree tree, NamedFiles files) {
    CrossChecks checks = new CrossChecks(tree, files);
    checks.checkDomain();
    checks.readCertificateAuthorities();
    checks.checkNetwork();
    checks.problems.addAll(ArnChecks.find(tree));
    checks.checkTags();
    checks.checkUrl(JsonPointer.compile("/search/endpoint/url"));
    checks.checkUrl(JsonPointer.compile("/search/existingDomain/endpoint"));
    checks.checkFilterShapes(JsonPointer.compile("/defaults/filterPatterns"));
    checks.checkReaders(JsonPointer.compile("/defaults/readers"));
    checks.checkSchedules(JsonPointer.compile("/defaults"));
    checks.checkRoom();
    List<JsonPointer> streams = checks.items(JsonPointer.compile("/streams"));
    streams.forEach(checks::checkStream);
    for (JsonPointer stream : streams) {
      checks.indexes(stream).forEach(checks::checkDerivedNames);
      checks.items(stream.appendProperty("consumers")).forEach(checks::checkDerivedNames);
      checks.checkNotCreated(stream.append(JsonPointer.compile("/table/existing/arn")));
    }
    streams.forEach(checks::checkTargets);
    return checks.problems;
  }

  private List<JsonPointer> items(JsonPointer list) {
    return IntStream.range(0, tree.json().at(list).size()).mapToObj(list::appendIndex).toList();
  }

  private void checkDomain() {
    JsonPointer location = JsonPointer.compile("/search/newDomain");
    JsonNode domain = tree.json().at(location);
    DomainInstance instance = new DomainInstance(domain.path("instanceType").asText());
    instance.problem().ifPresent(what -> add(location.appendProperty("instanceType"), what));
    int volume = domain.path("volumeGib").asInt();
    if (volume > instance.largestVolume()) {
      add(
          location.appendProperty("volumeGib"),
          "must be at most %d, which is the most that %s takes, not '%d'"
              .formatted(instance.largestVolume(), instance.type(), volume));
    }
    checkZones(domain);
  }

  private void checkZones(JsonNode domain) {
    int zones = domain.path("zones").asInt(1);
    int nodes = domain.path("dataNodes").asInt();
    if (nodes % zones != 0) {
      add(
          JsonPointer.compile("/search/newDomain/dataNodes"),
          "must be a multiple of zones: %d nodes do not spread evenly over %d"
              .formatted(nodes, zones));
    }
    JsonNode subnets = tree.json().at("/vpc/subnets");
    int covered = Set.copyOf(subnets.findValuesAsText("availabilityZone")).size();
    if (covered > 0 && covered < zones) {
      add(
          JsonPointer.compile("/vpc/subnets"),
          "must be in at least %d zones, as search.newDomain.zones says, not in %d"
              .formatted(zones, covered));
    }
  }

  private void checkNetwork() {
    Map<String, JsonPointer> seen = new HashMap<>();
    JsonPointer subnets = JsonPointer.compile("/vpc/subnets");
    for (int i = 0; i < tree.json().at(subnets).size(); i++) {
      checkListedOnce(seen, subnets.appendIndex(i).appendProperty("id"), "subnet");
    }
    JsonPointer groups = JsonPointer.compile("/vpc/securityGroupIds");
    for (int i = 0; i < tree.json().at(groups).size(); i++) {
      checkListedOnce(seen, groups.appendIndex(i), "security group");
    }
  }

  private void checkListedOnce(Map<String, JsonPointer> seen, JsonPointer id, String what) {
    JsonNode value = tree.json().at(id);
    JsonPointer other = value.isTextual() ? seen.putIfAbsent(value.asText(), id) : null;
    if (other != null) {
      add(id, "is the %s of line %d; remove one of them".formatted(what, tree.line(other)));
    }
  }

  private void checkTags() {
    JsonPointer tags = JsonPointer.compile("/tags");
    tree.json()
        .at(tags)
        .propertyStream()
        .forEach(tag -> checkTag(tags.appendProperty(tag.getKey()), tag));
  }

  private void checkTag(JsonPointer location, Map.Entry<String, JsonNode> tag) {
    if (tag.getKey().toLowerCase(Locale.ROOT).startsWith("aws:")) {
      add(location, "must not begin with aws:, which AWS keeps for itself");
    } else if (!TAG_KEY.matcher(tag.getKey()).matches()
        || !TAG_VALUE.matcher(tag.getValue().asText()).matches()) {
      add(
          location,
          "must have a name of 1 to 128 and a text of at most 256 letters, digits, spaces and"
              + " _ . : / = + - @");
    }
  }

  /** What the function can't reach: it would refuse the URL when it starts. */
  private void checkUrl(JsonPointer location) {
    String url = tree.json().at(location).asText();
    if (url.isEmpty()) {
      return;
    }
    try {
      URI uri = new URI(url);
      if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
        add(location, "must have a host's name and a port from 1 to 65535, not '" + url + "'");
      } else if (uri.getHost().endsWith(".aoss.amazonaws.com")) {
        add(location, "is of OpenSearch Serverless, which is not supported; use a domain");
      }
    } catch (URISyntaxException _) {
      add(location, "must be a URL, not '" + url + "'");
    }
  }

  /** Returns what has an index of its own in a stream: its targets, or the stream itself. */
  private List<JsonPointer> indexes(JsonPointer stream) {
    List<JsonPointer> own = items(stream.appendProperty("targets"));
    return own.isEmpty() ? List.of(stream) : own;
  }

  private void checkStream(JsonPointer stream) {
    JsonNode settings = tree.json().at(stream);
    for (JsonPointer one : indexes(stream)) {
      checkIndex(one.appendProperty("index"), tree.json().at(one).path("index").asText());
    }
    checkNewTable(stream.append(JsonPointer.compile("/table/create")));
    checkExistingTable(stream.append(JsonPointer.compile("/table/existing")));
    checkSource(stream, settings);
    new WorkerChecks(tree, problems).check(stream);
    checkOptions(stream, settings);
    consumers.add(stream, stream);
    Map<String, JsonPointer> functions = new HashMap<>();
    for (JsonPointer consumer : items(stream.appendProperty("consumers"))) {
      checkConsumer(consumer);
      checkListedOnce(functions, consumer.appendProperty("functionArn"), "function");
      consumers.add(stream, consumer);
    }
  }

  private void checkConsumer(JsonPointer consumer) {
    JsonNode settings = tree.json().at(consumer);
    boolean function = settings.has("functionArn");
    if (function == tree.isGiven(consumer.appendProperty("index"))) {
      add(consumer, "must have either index or functionArn");
    } else if (function) {
      consumers.checkFunction(consumer);
    } else {
      consumers.checkIndex(consumer);
      checkIndex(consumer.appendProperty("index"), settings.path("index").asText());
    }
    checkOptions(consumer, settings);
  }

  private void checkOptions(JsonPointer stream, JsonNode settings) {
    checkReaders(stream.appendProperty("readers"));
    checkSchedules(stream);
    int factor = settings.path("parallelizationFactor").asInt();
    int reserved = settings.path("reservedConcurrency").asInt(factor);
    if (reserved < factor) {
      add(
          stream.appendProperty("reservedConcurrency"),
          "must be at least parallelizationFactor: %d throttles even one shard at a factor of %d"
              .formatted(reserved, factor));
    }
    int window = settings.path("batchingWindowSeconds").asInt();
    int age = settings.path("iteratorAgeAlarmSeconds").asInt(Integer.MAX_VALUE);
    // An alarm with a threshold of its own, or none, is the author's.
    if (age <= window && !settings.path("alarms").has("IteratorAge")) {
      add(
          stream.appendProperty("iteratorAgeAlarmSeconds"),
          "must be above batchingWindowSeconds, which is %d, not '%d': records wait that long"
              .formatted(window, age));
    }
    if (settings instanceof ObjectNode object && object.has("mapping")) {
      readMapping(object, stream.appendProperty("mapping"));
    }
    checkFilterPatterns(stream.appendProperty("filterPatterns"), settings);
    if (settings instanceof ObjectNode object) {
      addFilterWarnings(object, stream.appendProperty("filterPatterns"));
    }
  }

  /** Comes last, since it replaces the targets by one text. */
  private void checkTargets(JsonPointer stream) {
    if (tree.json().at(stream) instanceof ObjectNode object) {
      targets.check(stream, object);
    }
  }

  private void checkSource(JsonPointer stream, JsonNode settings) {
    String source = settings.path("source").asText("dynamodb");
    JsonPointer kinesis = stream.appendProperty("kinesis");
    if (source.equals("dynamodb") && settings.has("kinesis")) {
      add(kinesis, "has no effect: source is dynamodb; set it to kinesis or both");
    }
    if (!source.equals("dynamodb") && !settings.has("kinesis")) {
      add(stream.appendProperty("source"), "needs kinesis.since; add a section kinesis");
    }
    JsonNode given = settings.path("kinesis");
    for (String ofNew : List.of("shards", "retentionHours")) {
      if (given.has("existingStreamArn") && tree.isGiven(kinesis.appendProperty(ofNew))) {
        add(kinesis.appendProperty(ofNew), "has no effect on an existing stream; remove it");
      }
    }
    if (given.has("kmsKeyArn") && !given.has("existingStreamArn")) {
      add(kinesis.appendProperty("kmsKeyArn"), "has no effect on a new stream; remove it");
    }
    JsonNode existing = settings.path("table").path("existing");
    JsonPointer own = stream.append(JsonPointer.compile("/table/existing/streamArn"));
    if (!source.equals("kinesis") && existing.isObject() && !tree.isGiven(own)) {
      add(own, "is missing: ARN of the table's stream, whose view type includes new images");
    }
    checkLabel(kinesis.appendProperty("since"), given, existing.path("streamArn").asText());
  }

  /** A change from Kinesis must be newer than every change from the table's own stream. */
  private void checkLabel(JsonPointer location, JsonNode kinesis, String streamArn) {
    String label = streamArn.substring(streamArn.lastIndexOf('/') + 1);
    String since = kinesis.path("since").asText();
    if (streamArn.startsWith("arn:") && !since.isEmpty() && since.compareTo(label) <= 0) {
      add(
          location,
          "must be later than the table's stream was enabled, which is %s, not '%s'"
              .formatted(label, since));
    }
  }

  /** Schedules, their role and their alarm are resources, and a stack has 500. */
  private void checkRoom() {
    List<JsonPointer> streams = items(JsonPointer.compile("/streams"));
    List<JsonPointer> all = new ArrayList<>();
    for (JsonPointer stream : streams) {
      all.add(stream);
      all.addAll(items(stream.appendProperty("consumers")));
    }
    boolean scheduled =
        all.stream()
            .map(tree.json()::at)
            .anyMatch(stream -> stream.has("verify") || stream.has("purge"));
    boolean workers = all.stream().map(tree.json()::at).anyMatch(stream -> stream.has("worker"));
    int most = scheduled ? MOST_SCHEDULED_STREAMS : MOST_SCHEDULED_STREAMS + 1;
    if (workers) {
      most = MOST_STREAMS_WITH_WORKERS;
    }
    // More streams without schedules are against the schema.
    if (all.size() > most && (scheduled || workers || streams.size() <= most)) {
      add(
          all.get(most),
          "is one too many: a stack%s has room for %d streams; it needs another stack"
              .formatted(workers ? " with workers" : scheduled ? " with schedules" : "", most));
    }
  }

  private void checkSchedules(JsonPointer stream) {
    for (String run : List.of("verify", "purge")) {
      JsonPointer schedule = stream.appendProperty(run).appendProperty("schedule");
      JsonNode given = tree.json().at(schedule);
      if (tree.isGiven(schedule) && given.isTextual()) {
        RunSchedule.problem(given.asText()).ifPresent(what -> add(schedule, what));
      }
    }
  }

  /** The policy of a domain is the stack's only if the domain is. */
  private void checkReaders(JsonPointer readers) {
    if (tree.isGiven(readers) && !tree.json().path("search").has("newDomain")) {
      add(
          readers,
          "needs search.newDomain; let the roles read the index by their own policies, or in the"
              + " cluster, and remove it");
    }
  }

  /** Warnings fail no synthesis, so they go with the settings. */
  private void addFilterWarnings(ObjectNode stream, JsonPointer patterns) {
    JsonPointer given =
        tree.isGiven(patterns) ? patterns : JsonPointer.compile("/defaults/filterPatterns");
    FilterWarnings.of(tree, given).forEach(stream.putArray("filterWarnings")::add);
  }

  /** Capture and replay have the patterns in a variable, which Lambda counts with its escapes. */
  private void checkFilterPatterns(JsonPointer location, JsonNode stream) {
    checkFilterShapes(location);
    int bytes =
        TextNode.valueOf(stream.path("filterPatterns").toString())
            .toString()
            .getBytes(UTF_8)
            .length;
    if (stream.has("filterPatterns") && bytes > MAXIMUM_FILTER_BYTES) {
      String what = "have %d bytes as a function's variable, whose room is %d";
      add(location, what.formatted(bytes, MAXIMUM_FILTER_BYTES));
    }
  }

  private void checkFilterShapes(JsonPointer location) {
    JsonNode patterns = tree.json().at(location);
    for (int i = 0; tree.isGiven(location) && i < patterns.size(); i++) {
      if (patterns.path(i).isObject()) {
        problems.addAll(FilterPattern.problems(tree, location.appendIndex(i), patterns.path(i)));
      }
    }
  }

  /** Three names derive from one setting, so that different settings can still collide. */
  private void checkIndex(JsonPointer location, String index) {
    IndexNames names = new IndexNames(index);
    for (String name : List.of(names.reader(), names.writer(), names.first())) {
      JsonPointer other = streamsByName.putIfAbsent(name, location);
      if (!index.isEmpty() && other != null) {
        String what = "collides with the stream at line %d: both would use the name '%s'";
        add(location, what.formatted(tree.line(other), name));
        return;
      }
    }
    if (index.contains("${")) {
      add(location, "must not contain '${': IAM would read a policy variable");
    }
  }

  /** A rebuild counts the number of an index up, and has two aliases to write by. */
  private void checkDerivedNames(JsonPointer stream) {
    JsonPointer location = stream.appendProperty("index");
    String index = tree.json().at(location).asText();
    Matcher derived = DERIVED.matcher(index);
    JsonPointer other = derived.matches() ? streamsByName.get(derived.group(1)) : null;
    if (other != null && !streamsByName.getOrDefault(index, location).equals(other)) {
      String what = "collides with the stream at line %d, whose rebuild may use the name '%s'";
      add(location, what.formatted(tree.line(other), index));
    }
  }

  private void checkNewTable(JsonPointer table) {
    JsonNode settings = checkSortKey(table);
    if (settings.has("sortKeyType") && !settings.has("sortKey")) {
      add(table.appendProperty("sortKeyType"), "has no effect without sortKey");
    }
    JsonPointer name = table.appendProperty("name");
    JsonPointer other = newTables.putIfAbsent(settings.path("name").asText(), name);
    if (settings.has("name") && other != null) {
      add(
          name,
          "names the table of line %d; a second stream on it needs another stack, with table.existing"
              .formatted(tree.line(other)));
    }
  }

  private void checkExistingTable(JsonPointer table) {
    JsonNode settings = checkSortKey(table);
    JsonPointer location = table.appendProperty("streamArn");
    String stream = settings.path("streamArn").asText();
    String prefix = settings.path("arn").asText() + "/stream/";
    boolean isGiven = stream.startsWith("arn:");
    if (settings.has("arn") && isGiven && !stream.startsWith(prefix)) {
      add(location, "belongs to another table; it must start with " + prefix);
    }
  }

  /** A table of another account may have the same name. */
  private void checkNotCreated(JsonPointer arn) {
    String text = tree.json().at(arn).asText();
    String own = ":%s:table/".formatted(tree.json().path("account").asText());
    int at = text.indexOf(own);
    JsonPointer created = at < 0 ? null : newTables.get(text.substring(at + own.length()));
    if (created != null) {
      String what = "is the table that line %d creates; copy it a second time in another stack";
      add(arn, what.formatted(tree.line(created)));
    }
  }

  /** Returns the table's settings. */
  private JsonNode checkSortKey(JsonPointer table) {
    JsonNode settings = tree.json().at(table);
    for (String key : List.of("partitionKey", "sortKey", "timeToLiveAttribute")) {
      if (settings.path(key).asText().getBytes(UTF_8).length > MOST_NAME_BYTES) {
        add(table.appendProperty(key), "must have at most 255 bytes in UTF-8");
      }
    }
    if (settings.has("sortKey") && settings.path("sortKey").equals(settings.path("partitionKey"))) {
      add(
          table.appendProperty("sortKey"),
          "must not be the partition key; remove it if the table has no sort key");
    }
    return settings;
  }

  /** Sets the mapping in place of its name. */
  private void readMapping(ObjectNode stream, JsonPointer location) {
    try {
      stream.put("mapping", files.find(stream.path("mapping").asText()));
    } catch (IllegalArgumentException e) {
      add(location, String.valueOf(e.getMessage()));
    }
  }

  /** Sets the certificates in place of their file's name. */
  private void readCertificateAuthorities() {
    JsonPointer location = JsonPointer.compile("/search/endpoint");
    if (tree.json().at(location) instanceof ObjectNode endpoint
        && endpoint.has("certificateAuthorities")) {
      try {
        String file = endpoint.path("certificateAuthorities").asText();
        endpoint.put("certificateAuthorities", files.certificates(file));
      } catch (IllegalArgumentException e) {
        add(location.appendProperty("certificateAuthorities"), String.valueOf(e.getMessage()));
      }
    }
  }

  private void add(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
