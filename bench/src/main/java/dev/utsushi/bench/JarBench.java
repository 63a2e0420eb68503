package dev.utsushi.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.search.LocalOpenSearch;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Compares two builds of the function, in turn: warm in this JVM, and from the start of a JVM. The
 * second may show its index by a projection, in the form of {@code UTSUSHI_TARGETS} with {@code %s}
 * for the index.
 */
final class JarBench {
  private static final String HANDLER = "dev.utsushi.lambda.ReplicationHandler";
  private static final String CALLER = "dev.utsushi.core.search.";
  private static final int WARM_UPS = 5_000;
  private static final int ROUNDS = 10_000;
  private static final int STARTS = 15;

  /** The place of the projection among the arguments of all benches. */
  private static final int TARGETS = 7;

  private final URI engine;
  private final List<Path> jars;
  private final String targets;
  private long sequenceNumber = 1;

  private JarBench(URI engine, List<Path> jars, String targets) {
    this.engine = engine;
    this.jars = jars;
    this.targets = targets;
  }

  static void main(String[] arguments) throws Exception {
    List<Path> jars = Arrays.stream(arguments).limit(2).map(Path::of).toList();
    String targets = arguments.length > TARGETS ? arguments[TARGETS] : "";
    PrintStream figures = System.out;
    // The handlers write their log as usual, but it is of no interest here.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try (LocalOpenSearch engine = LocalOpenSearch.start()) {
      JarBench bench = new JarBench(engine.endpoint(), jars, targets);
      bench.warm(1, ROUNDS).forEach(figures::println);
      bench.warm(100, ROUNDS / 20).forEach(figures::println);
      bench.warm(500, ROUNDS / 40).forEach(figures::println);
      bench.cold().forEach(figures::println);
    }
  }

  private List<String> warm(int size, int rounds) throws Exception {
    List<RequestHandler<DynamodbEvent, ?>> handlers = new ArrayList<>();
    List<Histogram> times = new ArrayList<>();
    for (Path jar : jars) {
      handlers.add(handler(jar, "warm-" + size, handlers.size()));
      times.add(new Histogram(Duration.ofSeconds(60).toNanos(), 3));
    }
    for (int i = -WARM_UPS / size; i < rounds; i++) {
      DynamodbEvent event = Workload.event(sequenceNumber, size);
      sequenceNumber += size;
      for (int jar = 0; jar < jars.size(); jar++) {
        long start = System.nanoTime();
        handlers.get(jar).handleRequest(event, WarmBench.context());
        if (i >= 0) {
          times.get(jar).recordValue(System.nanoTime() - start);
        }
      }
    }
    return lines("warm, " + size + " changes", times);
  }

  /** Loads the handler apart from the classes of this JVM, but for Lambda's own. */
  @SuppressWarnings("unchecked") // the type of the class that is loaded
  private RequestHandler<DynamodbEvent, ?> handler(Path jar, String index, int number)
      throws Exception {
    ClassLoader own = JarBench.class.getClassLoader();
    ClassLoader lambda =
        new ClassLoader(ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("com.amazonaws.services.lambda.runtime.")) {
              return own.loadClass(name);
            }
            throw new ClassNotFoundException(name);
          }
        };
    // It stays open as long as the handler is used, which is to the end.
    var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, lambda);
    return (RequestHandler<DynamodbEvent, ?>)
        loader
            .loadClass(HANDLER)
            .getConstructor(Map.class, loader.loadClass(CALLER + "HttpCaller"))
            .newInstance(
                environment(index, number),
                loader.loadClass(CALLER + "SocketCaller").getConstructor().newInstance());
  }

  private List<String> cold() throws InterruptedException {
    List<Histogram> times =
        jars.stream().map(_ -> new Histogram(Duration.ofSeconds(60).toNanos(), 3)).toList();
    for (int i = -1; i < STARTS; i++) {
      for (int jar = 0; jar < jars.size(); jar++) {
        long start = System.nanoTime();
        start(jar);
        if (i >= 0) {
          times.get(jar).recordValue(System.nanoTime() - start);
        }
      }
    }
    return lines("start of the runtime to first reply", times);
  }

  private void start(int jar) throws InterruptedException {
    var configuration =
        LambdaConfiguration.of("bench", List.of(jars.get(jar)), HANDLER + "::handleRequest")
            .withEnvironment(environment("cold", jar));
    try (LambdaFunction function = new LambdaFunction(configuration)) {
      InvocationResult result =
          function.invoke(ColdBench.EVENT.formatted(sequenceNumber++).getBytes(UTF_8));
      if (!(result instanceof InvocationResult.Succeeded(_, String reply))
          || !reply.contains("[]")) {
        throw new IllegalStateException(jars.get(jar) + ": " + result);
      }
    }
  }

  private Map<String, String> environment(String name, int jar) {
    String index = name + "-" + jar;
    Map<String, String> environment = new HashMap<>();
    environment.put("UTSUSHI_SEARCH_ENDPOINT", engine.toString());
    environment.put("UTSUSHI_SEARCH_AUTH", "none");
    environment.put("UTSUSHI_INDEX", index);
    environment.put("UTSUSHI_PARTITION_KEY", "dealId");
    if (jar > 0 && !targets.isEmpty()) {
      environment.put("UTSUSHI_TARGETS", targets.formatted(index));
    }
    return environment;
  }

  private List<String> lines(String what, List<Histogram> times) {
    List<String> lines = new ArrayList<>();
    for (Histogram each : times) {
      double median = each.getValueAtPercentile(50) / 1e6;
      lines.add(
          "%s: %s p50 %.2f ms, p25 %.2f ms, p99 %.2f ms, ratio of medians %.3f"
              .formatted(
                  what,
                  jars.get(lines.size()),
                  median,
                  each.getValueAtPercentile(25) / 1e6,
                  each.getValueAtPercentile(99) / 1e6,
                  median / (times.getFirst().getValueAtPercentile(50) / 1e6)));
    }
    return lines;
  }
}
