package dev.utsushi.core.index;

import static dev.utsushi.core.search.ScriptedEngine.head;
import static dev.utsushi.core.search.ScriptedEngine.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.index.IndexWriter.DocumentWrite;
import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.ScriptedEngine;
import dev.utsushi.core.search.SearchClient;
import dev.utsushi.core.search.SocketCaller;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Replies that break off, come too slowly, or have a passing cause below a refusal. */
final class MisbehavingEngineTest {
  private static final String WRITTEN =
      "{\"items\":[{\"update\":{\"status\":201,\"result\":\"created\"}}]}";

  private static final DocumentWrite WRITE = Changes.upsert("a", 1, "memo", "x");

  private final AtomicInteger bulkRequests = new AtomicInteger();

  @Test
  void aReplyThatBreaksOffInItsBodyIsRetried() {
    Outcome outcome =
        write(
            (count, out) -> {
              if (count == 1) {
                head(out, 200, WRITTEN.length());
                out.write(WRITTEN.getBytes(UTF_8), 0, 20);
              } else {
                reply(out, 200, WRITTEN);
              }
            },
            Duration.ofSeconds(10));
    assertThat(outcome).isEqualTo(new Outcome.Applied(List.of()));
    assertThat(bulkRequests).hasValue(2);
  }

  @Test
  void aReplyThatTricklesEndsWithTheDeadline() {
    Instant start = Instant.now();
    Outcome outcome =
        write(
            (_, out) -> {
              head(out, 200, 1000);
              for (int i = 0; i < 1000; i++) {
                out.write(' ');
                out.flush();
                Thread.sleep(20);
              }
            },
            Duration.ofMillis(700));
    assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void noRequestStartsWhenTheTimeIsUp() {
    BulkScript written = (_, out) -> reply(out, 200, WRITTEN);
    assertThat(write(written, Duration.ZERO)).isInstanceOf(Outcome.Deferred.class);
    assertThat(bulkRequests).hasValue(0);
    // The first write sets the index up, so that only the bulk request is left for the second.
    assertThat(write(written, Duration.ofSeconds(10), Duration.ZERO))
        .isInstanceOf(Outcome.Deferred.class);
    assertThat(bulkRequests).hasValue(1);
  }

  @Test
  void theLimitOfScriptCompilationsPasses() {
    String limited =
        """
        {"items":[{"update":{"status":400,"error":{"type":"illegal_argument_exception",
         "caused_by":{"type":"general_script_exception",
          "caused_by":{"type":"circuit_breaking_exception"}}}}}]}
        """;
    Outcome outcome =
        write(
            (count, out) -> reply(out, 200, count == 1 ? limited : WRITTEN),
            Duration.ofSeconds(10));
    assertThat(outcome).isEqualTo(new Outcome.Applied(List.of()));
    assertThat(bulkRequests).hasValue(2);
  }

  private interface BulkScript {
    void answer(int count, OutputStream out) throws IOException, InterruptedException;
  }

  /** Writes once in each of these times, and returns the last outcome. */
  private Outcome write(BulkScript script, Duration... times) {
    try (ScriptedEngine engine =
        new ScriptedEngine(
            (request, out) -> {
              if (request.endsWith("/_bulk")) {
                script.answer(bulkRequests.incrementAndGet(), out);
              } else {
                setUp(request, out);
              }
            })) {
      SearchClient client =
          new SearchClient(engine.endpoint(), new SocketCaller(), Authorization.NONE);
      IndexWriter writer =
          IndexWriter.to(client, new IndexNames("deals"), Mapping.read("{}"), new SilentListener());
      return Stream.of(times)
          .map(time -> Deadline.in(time, InstantSource.system()))
          .map(deadline -> writer.write(List.of(WRITE), deadline).getFirst())
          .reduce((_, last) -> last)
          .orElseThrow();
    }
  }

  /** The index exists with both aliases; its mapping is another one, and is updated. */
  private static void setUp(String request, OutputStream out) throws IOException {
    reply(
        out,
        200,
        request.startsWith("GET")
            ? "{\"deals-000001\":{\"aliases\":{\"deals\":{},\"deals-write\":{}}}}"
            : "{\"acknowledged\":true}");
  }
}
