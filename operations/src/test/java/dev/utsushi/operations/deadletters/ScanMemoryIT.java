package dev.utsushi.operations.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.Failures;
import dev.utsushi.core.deadletter.LargeQueue;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.StackSelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory of a list, and of showing messages, is bounded by a page of the queue. */
final class ScanMemoryIT {
  /** Their bodies take 135 MB. */
  private static final int MESSAGES = 150;

  @TempDir private Path directory;

  /** Reads a queue in a JVM of its own, whose heap is smaller than the queue. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] args) {
      var stream =
          new DeployedStream(
              "utsushi",
              "us-east-1",
              "deals",
              Failures.TABLE,
              null,
              new KeySchema("id", null),
              null,
              null,
              new DeployedStream.Search("http://127.0.0.1:1", "none", null),
              args[1],
              "replay",
              Duration.ofMinutes(1),
              "/logs/replay",
              null);
      try (var clients = AwsClients.of(new StackSelector.Local(Path.of(args[0]), null))) {
        var scan = new DeadLetterScan(new OperatedQueue(clients, stream, new Silent()));
        System.out.println(
            switch (args[2]) {
              case "list" -> scan.list(MESSAGES * 2).messages().size();
              default -> records(scan.show(MESSAGES * 2, List.of(args[2]), true));
            });
      }
    }

    private static int records(DeadLetterScan.Shown shown) {
      return shown.messages().stream().mapToInt(each -> each.records().records().size()).sum();
    }
  }

  private record Silent() implements OperatedQueue.Progress {
    @Override
    public void status(String text) {}

    @Override
    public void warn(String text) {}
  }

  @ParameterizedTest
  @CsvSource({"list, 150", "message-00149, 3"})
  void aQueueThatIsLargerThanTheMemoryIsRead(String command, String expected) throws Exception {
    try (LargeQueue queue = new LargeQueue(MESSAGES)) {
      Path endpoints = directory.resolve("endpoints.json");
      URI nobody = URI.create("http://127.0.0.1:1");
      var services = new LocalEndpoints.Services(nobody, queue.endpoint(), nobody, nobody);
      try (var _ = LocalEndpoints.ofThisProcess("utsushi", services).publish(endpoints)) {
        Process reader =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx96m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Reader.class.getName(),
                    endpoints.toString(),
                    queue.url(),
                    command)
                .redirectErrorStream(true)
                .start();
        String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(reader.waitFor()).as(output).isZero();
        assertThat(output.lines().toList()).as(output).last().isEqualTo(expected);
      }
      assertThat(queue.received()).isEqualTo(MESSAGES);
    }
  }
}
