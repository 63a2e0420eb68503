package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.List;
import java.util.Map;

/** Checks a stream that workers read, which have other options than an event source mapping. */
final class WorkerChecks {
  /** What only an event source mapping or its function has, and what to set instead. */
  private static final Map<String, String> OF_LAMBDA =
      Map.ofEntries(
          Map.entry("batchSize", "set worker.batchSize"),
          Map.entry("parallelizationFactor", "set worker.lanes"),
          Map.entry("batchingWindowSeconds", "remove it: no batch waits to be filled"),
          Map.entry("maximumRecordAgeSeconds", "remove it, and limit maximumRetryAttempts"),
          Map.entry("bisectBatchOnError", "remove it: each record has its own retries"),
          Map.entry("startingPosition", "remove it: workers begin with the oldest record"),
          Map.entry("reservedConcurrency", "remove it, and set worker.maximum"),
          Map.entry("alarms/Throttles", "remove it"),
          Map.entry("alarms/Errors", "remove it, and see alarms.Workers"),
          Map.entry("alarms/Duration", "remove it"),
          Map.entry("alarms/DroppedEvents", "remove it: a worker drops nothing"));

  private final YamlTree tree;
  private final List<Problem> problems;

  WorkerChecks(YamlTree tree, List<Problem> problems) {
    this.tree = tree;
    this.problems = problems;
  }

  void check(JsonPointer stream) {
    JsonNode settings = tree.json().at(stream);
    JsonPointer worker = stream.appendProperty("worker");
    if (!settings.path("consumer").asText().equals("worker")) {
      if (settings.has("worker")) {
        problem(worker, "has no effect: consumer is lambda; set it to worker");
      }
      return;
    }
    if (!settings.has("worker")) {
      problem(stream.appendProperty("consumer"), "needs worker.image; add a section worker");
    }
    checkSize(worker, settings.path("worker"));
    checkSource(stream, settings);
    OF_LAMBDA.forEach(
        (key, advice) -> {
          JsonPointer at = stream.append(JsonPointer.compile('/' + key));
          if (tree.isGiven(at)) {
            problem(at, "has no effect on workers; " + advice);
          }
        });
    if (settings.path("maximumRetryAttempts").asInt() < 0) {
      problem(
          stream.appendProperty("maximumRetryAttempts"),
          "must be from 0 to 10000 for workers, not '-1': a record that fails would stop its"
              + " shard");
    }
  }

  /** Fargate has sizes, of which the settings allow those up to four vCPUs. */
  private void checkSize(JsonPointer worker, JsonNode settings) {
    int cpu = settings.path("cpu").asInt();
    int memory = settings.path("memoryMib").asInt();
    int least = 2 * cpu;
    int most = Math.min(8 * cpu, 30_720);
    boolean fits = memory >= least && memory <= most && (memory % 1_024 == 0 || memory == 512);
    if (cpu > 0 && memory > 0 && !fits) {
      problem(
          worker.appendProperty("memoryMib"),
          "must be%s a multiple of 1024 from %d to %d with a cpu of %d, not '%d'"
              .formatted(cpu == 256 ? " 512 or" : "", Math.max(least, 1_024), most, cpu, memory));
    }
    int minimum = settings.path("minimum").asInt();
    int maximum = settings.path("maximum").asInt(minimum);
    if (maximum < minimum) {
      problem(
          worker.appendProperty("maximum"),
          "must be at least worker.minimum, which is %d, not '%d'".formatted(minimum, maximum));
    }
  }

  private void checkSource(JsonPointer stream, JsonNode settings) {
    if (settings.path("source").asText().equals("both")) {
      problem(
          stream.appendProperty("source"),
          "must be dynamodb or kinesis for workers: while a stream moves, functions read both"
              + " (consumer: lambda)");
    }
    if (settings.has("targets")) {
      problem(
          stream.appendProperty("targets"),
          "needs a function, not workers: remove consumer and worker, or set index");
    }
    JsonPointer fanOut = stream.append(JsonPointer.compile("/kinesis/enhancedFanOut"));
    if (tree.json().at(fanOut).asBoolean() && settings.path("consumers").isEmpty()) {
      problem(fanOut, "has no effect on workers, which poll; remove it");
    }
  }

  private void problem(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
