package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what consumers share: a shard serves a limited number of readers. */
final class ConsumerChecks {
  private static final int MOST_OF_DYNAMODB = 2;

  /** A shard answers five requests a second, and Lambda polls once a second. */
  private static final int MOST_OF_KINESIS = 5;

  /** What a function of somebody's own can be given: the options of its event source mapping. */
  private static final Set<String> OF_A_FUNCTION =
      Set.of(
          "functionArn",
          "roleArn",
          "batchSize",
          "batchingWindowSeconds",
          "parallelizationFactor",
          "maximumRetryAttempts",
          "maximumRecordAgeSeconds",
          "bisectBatchOnError",
          "reportsBatchItemFailures",
          "iteratorAgeAlarmSeconds",
          "startingPosition",
          "enabled",
          "filterPatterns");

  private final Map<String, Integer> ofDynamoDb = new HashMap<>();
  private final Map<String, Integer> ofKinesis = new HashMap<>();
  private final YamlTree tree;
  private final List<Problem> problems;

  ConsumerChecks(YamlTree tree, List<Problem> problems) {
    this.tree = tree;
    this.problems = problems;
  }

  /** Counts a reader of a stream's source: the stream itself, or one of its consumers. */
  void add(JsonPointer stream, JsonPointer reader) {
    JsonNode settings = tree.json().at(stream);
    String source = settings.path("source").asText("dynamodb");
    JsonPointer own = stream.append(JsonPointer.compile("/table/existing/streamArn"));
    String arn = tree.json().at(own).asText(stream.toString());
    if (!source.equals("kinesis") && isMore(ofDynamoDb, arn, 1, MOST_OF_DYNAMODB)) {
      JsonPointer at = reader.equals(stream) && tree.isGiven(own) ? own : reader;
      String what = "has too many readers: a DynamoDB stream serves %d at a time; read Kinesis";
      problem(at, (what + " instead (source: kinesis)").formatted(MOST_OF_DYNAMODB));
    }
    JsonNode kinesis = settings.path("kinesis");
    String kinesisArn = kinesis.path("existingStreamArn").asText(stream.toString());
    // Workers poll twice a second.
    boolean workers = reader.equals(stream) && settings.path("consumer").asText().equals("worker");
    if (!source.equals("dynamodb")
        && !kinesis.path("enhancedFanOut").asBoolean()
        && isMore(ofKinesis, kinesisArn, workers ? 2 : 1, MOST_OF_KINESIS)) {
      String what = "is one too many: %d readers share what a shard can read; set";
      problem(reader, (what + " kinesis.enhancedFanOut to true").formatted(MOST_OF_KINESIS));
    }
  }

  private static boolean isMore(Map<String, Integer> readers, String arn, int more, int most) {
    return readers.merge(arn, more, Integer::sum) > most;
  }

  /** Checks a consumer that is somebody's own function. */
  void checkFunction(JsonPointer consumer) {
    JsonNode settings = tree.json().at(consumer);
    if (!settings.has("roleArn")) {
      problem(consumer.appendProperty("roleArn"), "is missing: the role of the function");
    }
    for (var setting : settings.properties()) {
      JsonPointer key = consumer.appendProperty(setting.getKey());
      if (tree.isGiven(key) && !OF_A_FUNCTION.contains(setting.getKey())) {
        problem(key, "has no effect on a function of your own; remove it");
      }
    }
  }

  /** Checks a consumer that is another index. */
  void checkIndex(JsonPointer consumer) {
    for (String ofFunction : List.of("roleArn", "reportsBatchItemFailures")) {
      JsonPointer key = consumer.appendProperty(ofFunction);
      if (tree.isGiven(key)) {
        problem(key, "has no effect without functionArn; remove it");
      }
    }
  }

  private void problem(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
