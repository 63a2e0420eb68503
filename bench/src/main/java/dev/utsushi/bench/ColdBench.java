package dev.utsushi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Measures from the start of the runtime's JVM to the reply of the first invocation: a signed
 * request, the index set up, one change written. Each round starts every client once.
 */
final class ColdBench {
  static final String EVENT =
      """
      {"Records":[{"eventName":"INSERT","eventSource":"aws:dynamodb","awsRegion":"us-east-1",
       "eventSourceARN":"arn:aws:dynamodb:us-east-1:1:table/t/stream/2026-11-01T00:00:00.000",
       "dynamodb":{"ApproximateCreationDateTime":1790000000,"SequenceNumber":"%d",
        "Keys":{"dealId":{"S":"deal-1"}},"NewImage":{"dealId":{"S":"deal-1"},"n":{"N":"1"}},
        "StreamViewType":"NEW_IMAGE"}}]}
      """;

  private final URI engine;
  private final Path functionJar;
  private long sequenceNumber = 1;

  ColdBench(URI engine, Path functionJar) {
    this.engine = engine;
    this.functionJar = functionJar;
  }

  List<String> run(int rounds) throws InterruptedException {
    Map<HttpChoice, List<Long>> millis = new EnumMap<>(HttpChoice.class);
    for (int round = -1; round < rounds; round++) {
      for (HttpChoice choice : HttpChoice.values()) {
        long start = System.nanoTime();
        invokeOnce(choice);
        long elapsed = (System.nanoTime() - start) / 1_000_000;
        if (round >= 0) {
          millis.computeIfAbsent(choice, _ -> new ArrayList<>()).add(elapsed);
        }
      }
    }
    List<String> lines = new ArrayList<>();
    millis.forEach((choice, times) -> lines.add(line(choice, times)));
    return lines;
  }

  private String line(HttpChoice choice, List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    return "  %-16s median %d ms (%d to %d), adds %.1f MB of jars"
        .formatted(
            choice,
            sorted.get(sorted.size() / 2),
            sorted.getFirst(),
            sorted.getLast(),
            jars(choice).stream().mapToLong(ColdBench::size).sum() / 1e6);
  }

  private void invokeOnce(HttpChoice choice) throws InterruptedException {
    List<Path> code = new ArrayList<>(List.of(functionJar, classes()));
    code.addAll(jars(choice));
    var configuration =
        LambdaConfiguration.of("bench", code, BenchHandler.class.getName() + "::handleRequest")
            .withEnvironment(
                Map.of(
                    "UTSUSHI_SEARCH_ENDPOINT",
                    engine.toString(),
                    "UTSUSHI_SEARCH_AUTH",
                    "sigv4",
                    "UTSUSHI_INDEX",
                    "cold",
                    "UTSUSHI_PARTITION_KEY",
                    "dealId",
                    BenchHandler.CLIENT,
                    choice.name()));
    try (LambdaFunction function = new LambdaFunction(configuration)) {
      InvocationResult result = function.invoke(EVENT.formatted(sequenceNumber++).getBytes(UTF_8));
      if (!(result instanceof InvocationResult.Succeeded(_, String reply))
          || !reply.contains("[]")) {
        throw new IllegalStateException(choice + ": " + result);
      }
    }
  }

  private static List<Path> jars(HttpChoice choice) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(Path::of)
        .filter(
            path ->
                choice.jars().stream()
                    .anyMatch(start -> path.getFileName().toString().startsWith(start)))
        .toList();
  }

  private static Path classes() {
    return Path.of(Bench.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static long size(Path jar) {
    try {
      return Files.size(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
