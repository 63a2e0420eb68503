package dev.utsushi.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.index.Engines;
import dev.utsushi.core.index.Outcome.Kind;
import dev.utsushi.lambda.StreamedTable.Streamed;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process of a replay is killed once a server has done its next step and before the replay
 * learns of it; another process completes what it began.
 */
final class ReplayKilledIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The calls of a replay, with the state that must exist if it dies right after. */
  enum Step {
    RECEIVE,
    READ,
    WRITE,
    DELETE;

    /** Messages that are visible, and in flight. */
    private List<Integer> counts() {
      return switch (this) {
        case RECEIVE, READ, WRITE -> List.of(0, 3);
        case DELETE -> List.of(0, 0);
      };
    }

    private Map<String, String> documents() {
      return switch (this) {
        case RECEIVE, READ -> Map.of();
        case WRITE, DELETE -> Map.of("a", "first", "b", "first", "c", "first");
      };
    }

    private boolean is(FaultProxy.Request request) {
      String body = request.body();
      return switch (this) {
        case RECEIVE -> body.contains("\"MaxNumberOfMessages\"");
        case READ -> body.contains("\"ShardIterator\"");
        case WRITE -> request.path().contains("/_bulk");
        case DELETE -> body.contains("\"ReceiptHandle\"");
      };
    }
  }

  private final DeadLetterWorld world = new DeadLetterWorld();
  private final AtomicReference<@Nullable Step> killAfter = new AtomicReference<>();
  private final AtomicReference<@Nullable LambdaFunction> replay = new AtomicReference<>();
  private final List<String> receipts = new CopyOnWriteArrayList<>();
  private final FaultProxy engine = proxyTo(Engines.openSearch().endpoint());
  private final FaultProxy sqs = proxyTo(SharedServers.sqs().endpoint());
  private final FaultProxy streams = proxyTo(world.table.dynamoDb().endpoint());

  private FaultProxy proxyTo(URI server) {
    return new FaultProxy(server, this::faultFor, new NotesReceipts());
  }

  @AfterEach
  void stop() {
    streams.close();
    sqs.close();
    engine.close();
  }

  @ParameterizedTest
  @EnumSource
  void anotherProcessCompletesTheReplay(Step step) throws Exception {
    for (String id : List.of("a", "b", "c")) {
      world.table.put(id, "first");
    }
    for (Streamed each : world.table.streamed()) {
      world.queue.send(world.table.failure(each));
    }
    killAfter.set(step);
    try (var function =
        new LambdaFunction(world.handlers.deployed(ReplayHandler.class, proxied()))) {
      replay.set(function);
      assertThat(function.invoke("{}".getBytes(UTF_8)))
          .isInstanceOf(InvocationResult.Crashed.class);
      assertThat(killAfter).as("the step came").hasNullValue();
      assertThat(world.queue.counts()).isEqualTo(step.counts());
      assertThat(world.index.documents()).isEqualTo(step.documents());

      world.table.put("a", "second");
      world.handlers.replicate(world.table.streamed().getLast());
      world.queue.makeVisible(receipts);
      var reply = reply(function.invoke("{}".getBytes(UTF_8)));
      assertThat(Replies.outcomes(reply))
          .hasSize(step.counts().getLast())
          .allMatch(Kind::isProcessed);
    }
    assertThat(world.index.documents())
        .isEqualTo(world.table.items())
        .isEqualTo(Map.of("a", "second", "b", "first", "c", "first"));
    assertThat(world.queue.counts()).containsExactly(0, 0);
  }

  private Map<String, String> proxied() {
    return Map.of(
        "UTSUSHI_SEARCH_ENDPOINT", engine.endpoint().toString(),
        "AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString(),
        "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", streams.endpoint().toString());
  }

  private ProxyAction faultFor(FaultProxy.Request request) {
    Step step = killAfter.get();
    return step != null && step.is(request) && killAfter.compareAndSet(step, null)
        ? new ProxyAction.Interrupt(ProxyAction.Moment.DONE, this::kill)
        : new ProxyAction.Forward();
  }

  private void kill() {
    for (ProcessHandle process : Objects.requireNonNull(replay.get()).environments()) {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private static ReplayReply reply(InvocationResult result) {
    assertThat(result).isInstanceOf(InvocationResult.Succeeded.class);
    return ReplayReply.parse(((InvocationResult.Succeeded) result).payload());
  }

  /** Keeps the receipt handles, so that the test need not wait for the visibility timeout. */
  private final class NotesReceipts implements ProxyListener {
    @Override
    public void replied(FaultProxy.Request request, FaultProxy.Reply reply, boolean passedOn) {
      if (Step.RECEIVE.is(request)) {
        receipts.addAll(receiptsIn(reply.body()));
      }
    }

    private static List<String> receiptsIn(String body) {
      try {
        return JSON.readTree(body).path("Messages").findValuesAsText("ReceiptHandle");
      } catch (JsonProcessingException e) {
        throw new AssertionError("a reply of SQS is no JSON", e);
      }
    }
  }
}
