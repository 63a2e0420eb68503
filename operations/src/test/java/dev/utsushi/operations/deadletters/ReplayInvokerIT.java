package dev.utsushi.operations.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.utsushi.core.deadletter.IndexRequest.Operation;
import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.ReplayFunction;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The answers of Lambda's API to an invocation. */
class ReplayInvokerIT {
  @TempDir Path directory;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer api =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger times = new AtomicInteger();
  private final List<String> statuses = new CopyOnWriteArrayList<>();

  ReplayInvokerIT() throws IOException {}

  @BeforeEach
  void start() {
    api.setExecutor(threads);
    api.start();
  }

  @AfterEach
  void stop() {
    api.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "429, TooManyRequestsException, throttled",
    "502, ResourceNotReadyException, idle",
    "409, ResourceConflictException, idle",
    "409, SnapStartNotReadyException, idle"
  })
  void anInvocationThatDidNotTakePlaceIsTriedAgain(int status, String type, String told)
      throws Exception {
    answerAtTheSecondAttempt(
        status, type, new ReplayReply(false, ReplayReply.Stopped.EMPTY, List.of()).toJson());
    try (LambdaClient lambda = lambda()) {
      assertThat(invoker(lambda).invoke(ReplayRequest.ALL).stopped())
          .isEqualTo(ReplayReply.Stopped.EMPTY);
    }
    assertThat(times).hasValue(2);
    assertThat(statuses).singleElement().asString().contains("replay-deals", told);
  }

  /** An operator who waits for minutes is told what for. */
  @Test
  void whatTheStatusWaitsForIsTold() throws Exception {
    answerAtTheSecondAttempt(502, "ResourceNotReadyException", "{\"state\":\"WRITABLE\"}");
    URI endpoint = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
    var services = new LocalEndpoints.Services(endpoint, endpoint, endpoint, endpoint);
    Path file = directory.resolve("local.json");
    try (var _ = LocalEndpoints.ofThisProcess("local", services).publish(file);
        AwsClients clients = AwsClients.of(new StackSelector.Local(file, null))) {
      StreamStatus.ask(clients, DeadLetters.STREAM, Operation.INSPECT, statuses::add);
    }
    assertThat(statuses).singleElement().asString().contains("replay-deals", "idle");
  }

  private void answerAtTheSecondAttempt(int status, String type, String reply) {
    api.createContext(
        "/",
        exchange -> {
          boolean first = times.incrementAndGet() == 1;
          exchange.getResponseHeaders().add("X-Amzn-ErrorType", type);
          byte[] body = (first ? "{}" : reply).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(first ? status : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @Test
  void aFailedFunctionIsReportedWithItsLogGroup() {
    answer(200, "{\"errorMessage\":\"Task timed out\",\"errorType\":\"Sandbox.Timedout\"}", true);
    assertFails("function replay-deals failed: Task timed out", "group /logs/replay says more");
  }

  @Test
  void aReplyOfAnotherVersionIsReported() {
    answer(200, "{\"hello\":1}", false);
    assertFails("has another version than this command");
  }

  @Test
  void aWordOfANewerFunctionIsReported() {
    answer(200, "{\"stopped\":\"TOO_HOT\",\"messages\":[]}", false);
    assertFails("has another version than this command: 'TOO_HOT' is unknown at stopped");
  }

  @Test
  void aRefusedInvocationNamesThePermission() {
    answer(
        403,
        "{\"Message\":\"User: x is not authorized\",\"Code\":\"AccessDeniedException\"}",
        false);
    assertFails("access denied: this needs the permission lambda:InvokeFunction");
  }

  /** The socket itself does not notice an interruption. */
  @Test
  void anInvocationCanBeInterrupted() throws Exception {
    api.createContext("/", exchange -> asked.countDown());
    try (LambdaClient lambda = lambda()) {
      Thread caller = Thread.currentThread();
      threads.execute(
          () -> {
            try {
              asked.await();
              caller.interrupt();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          });
      assertThatThrownBy(() -> invoker(lambda).invoke(ReplayRequest.ALL))
          .isInstanceOf(InterruptedException.class);
    }
  }

  private void answer(int status, String body, boolean functionError) {
    api.createContext(
        "/",
        exchange -> {
          if (functionError) {
            exchange.getResponseHeaders().add("X-Amz-Function-Error", "Unhandled");
          }
          if (status != 200) {
            exchange.getResponseHeaders().add("X-Amzn-ErrorType", "AccessDeniedException");
          }
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void assertFails(String... messages) {
    try (LambdaClient lambda = lambda()) {
      assertThatThrownBy(() -> invoker(lambda).invoke(ReplayRequest.ALL))
          .isInstanceOfSatisfying(
              OperationException.class,
              failure -> {
                assertThat(failure.isUsage()).isFalse();
                assertThat(failure.getMessage()).contains(messages);
                assertThat(failure.getMessage()).doesNotContain("\n");
              });
    }
  }

  private ReplayLoop.Invoker invoker(LambdaClient lambda) {
    var function = new ReplayFunction(lambda, DeadLetters.STREAM, () -> {}, statuses::add);
    return request -> function.invoke(request.toJson(), ReplayReply::parse, "");
  }

  private LambdaClient lambda() {
    var address = api.getAddress();
    return LambdaClient.builder()
        .region(Region.US_EAST_1)
        .endpointOverride(URI.create("http://127.0.0.1:" + address.getPort()))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }
}
