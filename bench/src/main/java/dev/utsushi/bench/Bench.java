package dev.utsushi.bench;

import dev.utsushi.local.search.LocalOpenSearch;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Runs all measurements and prints their figures. Its argument is the path of the function's jar.
 */
public final class Bench {
  private Bench() {}

  static void main(String[] arguments) throws Exception {
    Path functionJar = Path.of(arguments[0]);
    PrintStream figures = System.out;
    // The handlers write their log as usual, but it is of no interest here.
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try (LocalOpenSearch engine = LocalOpenSearch.start()) {
      WarmBench warm = new WarmBench(engine.endpoint());
      figures.println("Warm, " + engine.version() + ", handler and hand-written in turn:");
      figures.println(warm.single(3_000, 6_000));
      figures.println(warm.batch(100, 100, 200));
      figures.println(warm.batch(500, 30, 60));
      figures.println();
      figures.println("Warm, by HTTP client, in turn:");
      for (String line : warm.clients(2_000, 3_000)) {
        figures.println(line);
      }
      figures.println();
      figures.println("Scale, p50, in turn with what it is compared with:");
      new ScaleBench(engine.endpoint()).run(3).forEach(figures::println);
      figures.println();
      figures.println("Start of the runtime to first reply, by HTTP client, in turn:");
      for (String line : new ColdBench(engine.endpoint(), functionJar).run(7)) {
        figures.println(line);
      }
    }
  }
}
