package dev.utsushi.local.mapping;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A function that records the sequence numbers of each batch, and fails for poison. */
final class ScriptedFunction implements Invocable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
  private final Set<Integer> poison = ConcurrentHashMap.newKeySet();

  /** Makes every batch with this record fail from now on. */
  void poison(int number) {
    poison.add(number);
  }

  void heal() {
    poison.clear();
  }

  List<List<Integer>> batches() {
    return List.copyOf(batches);
  }

  @Override
  public InvocationResult invoke(byte[] payload) {
    List<Integer> numbers;
    try {
      numbers =
          JSON.readTree(payload)
              .path("Records")
              .valueStream()
              .map(record -> record.path("dynamodb").path("SequenceNumber").asInt())
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Not an event", e);
    }
    batches.add(numbers);
    return numbers.stream().anyMatch(poison::contains)
        ? new InvocationResult.FunctionError("request", "Poison", "{}")
        : new InvocationResult.Succeeded("request", "{}");
  }

  @Override
  public String arn() {
    return "arn:aws:lambda:us-east-1:000000000000:function:scripted";
  }
}
