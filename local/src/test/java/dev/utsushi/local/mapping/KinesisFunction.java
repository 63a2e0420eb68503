package dev.utsushi.local.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A function that records what it gets of a Kinesis stream, and reports poison as failed. */
final class KinesisFunction implements Invocable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A record with data such as {@code {"n":1}}; other data have the number 0. */
  record Seen(String shardId, String number, String key, int n) {}

  private final List<String> payloads = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<Integer> poison = ConcurrentHashMap.newKeySet();
  private volatile boolean throwing;

  void poison(int n) {
    poison.add(n);
  }

  /** Makes poison fail the whole batch. */
  void throwForPoison() {
    throwing = true;
  }

  void heal() {
    poison.clear();
  }

  List<String> payloads() {
    return payloads;
  }

  List<Seen> seen() {
    return seen;
  }

  List<Integer> seenOf(String key) {
    return seen.stream().filter(each -> each.key().equals(key)).map(Seen::n).toList();
  }

  /** Returns what was seen of a key without the attempts that failed. */
  List<Integer> lastSeenOf(String key) {
    return List.copyOf(new LinkedHashSet<>(seenOf(key)));
  }

  @Override
  public InvocationResult invoke(byte[] payload) {
    payloads.add(new String(payload, StandardCharsets.UTF_8));
    try {
      List<Seen> batch =
          JSON.readTree(payload).path("Records").valueStream().map(KinesisFunction::seen).toList();
      seen.addAll(batch);
      var failure = batch.stream().filter(each -> poison.contains(each.n())).findFirst();
      if (throwing && failure.isPresent()) {
        return new InvocationResult.FunctionError("request", "Poison", "{}");
      }
      return failure
          .map(
              failed ->
                  "{\"batchItemFailures\":[{\"itemIdentifier\":\"%s\"}]}"
                      .formatted(failed.number()))
          .<InvocationResult>map(reply -> new InvocationResult.Succeeded("request", reply))
          .orElseGet(() -> new InvocationResult.Succeeded("request", "{}"));
    } catch (IOException e) {
      throw new UncheckedIOException("Not an event", e);
    }
  }

  private static Seen seen(JsonNode record) {
    JsonNode kinesis = record.path("kinesis");
    return new Seen(
        record.path("eventID").asText().split(":", 2)[0],
        kinesis.path("sequenceNumber").asText(),
        kinesis.path("partitionKey").asText(),
        n(kinesis.path("data")));
  }

  private static int n(JsonNode data) {
    try {
      return JSON.readTree(data.binaryValue()).path("n").asInt();
    } catch (IOException _) {
      return 0;
    }
  }

  @Override
  public String arn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:kinesis";
  }
}
