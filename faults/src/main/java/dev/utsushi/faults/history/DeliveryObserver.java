package dev.utsushi.faults.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.faults.history.Operation.DeliveredRecord;
import dev.utsushi.faults.history.Operation.Delivery;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Delivers events to the function and observes them and their results. It reads events and replies
 * itself, because it must not trust the mapping.
 */
public final class DeliveryObserver {
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final History history;
  private final String since;

  /** Observes deliveries of the table's own streams. */
  public DeliveryObserver(History history) {
    this(history, "");
  }

  /**
   * Observes deliveries of a Kinesis stream, too.
   *
   * @param since the label of its changes
   */
  public DeliveryObserver(History history, String since) {
    this.history = history;
    this.since = since;
  }

  /** Invokes the function with an event from this source. */
  public InvocationResult deliver(byte[] event, Source source, Invocable function)
      throws InterruptedException {
    long number = numbers.incrementAndGet();
    List<DeliveredRecord> records = records(event);
    inFlight.incrementAndGet();
    try {
      InvocationResult result = function.invoke(event);
      int acknowledged = acknowledged(records, result);
      boolean answered = result instanceof InvocationResult.Succeeded;
      history.append(
          new Delivery(number, source, records, acknowledged, answered, failure(result)));
      return result;
    } catch (InterruptedException | RuntimeException e) {
      history.append(new Delivery(number, source, records, 0, false, "interrupted"));
      throw e;
    } finally {
      inFlight.decrementAndGet();
    }
  }

  /** Deliveries that have not ended, from any source. */
  public int inFlight() {
    return inFlight.get();
  }

  private List<DeliveredRecord> records(byte[] event) {
    try {
      JsonNode records = SearchApi.parse(new String(event, UTF_8)).path("Records");
      return records.valueStream().map(this::deliveredRecord).toList();
    } catch (IOException e) {
      throw new ChaosException("the mapping sent an event that is not JSON", e);
    }
  }

  /** A record that was delivered before is the same object, since some are large. */
  private DeliveredRecord deliveredRecord(JsonNode json) {
    boolean own = json.has("dynamodb");
    String number =
        (own ? json.path("dynamodb").path("SequenceNumber") : json.at("/kinesis/sequenceNumber"))
            .asText();
    String position = StreamObserver.position(json.path("eventSourceARN").asText(), number);
    return history
        .deliveredFrom(position)
        .orElseGet(() -> own ? ofTable(json, number, position) : ofKinesis(json, number, position));
  }

  private static DeliveredRecord ofTable(JsonNode json, String number, String position) {
    ItemName item = ItemName.of(json.path("dynamodb").path("Keys"));
    return new DeliveredRecord(item, number, position, position, json.toString());
  }

  private DeliveredRecord ofKinesis(JsonNode json, String number, String position) {
    try {
      byte[] data = json.at("/kinesis/data").binaryValue();
      var change = KinesisChange.of(position, since, new String(data, UTF_8));
      return new DeliveredRecord(
          change.item(), number, position, change.version(), json.toString());
    } catch (IOException e) {
      throw new ChaosException("the mapping sent data that is not JSON", e);
    }
  }

  private static String failure(InvocationResult result) {
    return switch (result) {
      case InvocationResult.Succeeded _ -> "reported as failed";
      case InvocationResult.FunctionError error -> "the function threw " + error.errorType();
      case InvocationResult.TimedOut _ -> "timed out";
      case InvocationResult.Crashed _ -> "its JVM died";
      case InvocationResult.InitFailed _ -> "its JVM did not start";
      case InvocationResult.Throttled _ -> "throttled";
    };
  }

  /** How many of the records, from the first on, the function reports as done. */
  private static int acknowledged(List<DeliveredRecord> records, InvocationResult result) {
    if (!(result instanceof InvocationResult.Succeeded(_, String reply))) {
      return 0;
    }
    Set<String> failures = new HashSet<>();
    try {
      for (JsonNode failure : SearchApi.parse(reply).path("batchItemFailures")) {
        failures.add(failure.path("itemIdentifier").asText());
      }
    } catch (IOException _) {
      return 0;
    }
    return (int)
        records.stream().takeWhile(each -> !failures.contains(each.sequenceNumber())).count();
  }
}
