package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.DlqWorld.Ran;
import dev.utsushi.core.run.Run;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.LocalEndpoints.Services;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that can't work: one line says why and what to do, and nothing is changed. */
class WrongInputIT {
  private static final Duration ATTEMPT = Duration.ofSeconds(20);

  /** As DynamoDB and SQS write it. */
  private static final String DENIED =
      """
      {"__type":"com.amazon.coral.service#AccessDeniedException","message":"User: %s is not \
      authorized to perform: %s on resource: %s because no identity-based policy allows it"}\
      """;

  private static final String USER = "arn:aws:sts::123456789012:assumed-role/run/worker";

  @TempDir private Path directory = Path.of("");

  /** What must be as before. */
  private record World(Optional<Run> last, long messages, JsonNode indexes) {
    static World of(DlqWorld world) throws InterruptedException {
      return new World(
          world.runs().last(),
          world.segmentMessages(),
          world.search().send("GET", "/deals*?filter_path=*.aliases,*.settings.index.uuid", ""));
    }
  }

  /** Answers as AWS does to a caller whose policies lack an action. */
  private static FaultProxy denying(URI server, AtomicReference<String> action, String resource) {
    return new FaultProxy(
        server,
        request ->
            isOf(request, action.get(), resource)
                ? new ProxyAction.Answer(400, DENIED.formatted(USER, action.get(), resource))
                : new ProxyAction.Forward(),
        ProxyListener.SILENT);
  }

  private static boolean isOf(Request request, String action, String resource) {
    String operation = action.substring(action.indexOf(':') + 1);
    String name =
        resource.substring(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
    return request.header("X-Amz-Target").matches(".*\\." + operation + "(Batch)?")
        && (request.body().contains('"' + name + '"') || request.body().contains('/' + name + '"'));
  }

  private static void refused(Ran ran, int exitCode, String... parts) {
    assertThat(ran.err().lines()).as(ran.out()).hasSize(1);
    assertThat(ran.err()).contains(parts);
    assertThat(ran.exitCode()).isEqualTo(exitCode);
  }

  private static LocalEndpoints.Published publish(Path file, Services services) {
    return LocalEndpoints.ofThisProcess(EmbeddedPipeline.STACK, services).publish(file);
  }

  @Test
  void anOperatorWithoutPermissionChangesNothing() throws Exception {
    try (var world = new DlqWorld(directory, ATTEMPT)) {
      world.put("deal-1", 1);
      world.awaitQuiet();
      denied(world, "dynamodb:DescribeTable", world.tableArn(), "backfill start --yes", "verify");
      denied(world, "dynamodb:DescribeTable", world.tableArn(), "reindex start --yes");
      String runs = world.tableArn() + "-runs";
      denied(world, "dynamodb:GetItem", runs, "backfill start --yes", "verify", "backfill status");
      denied(world, "dynamodb:PutItem", runs, "backfill start --yes", "reindex start --yes");
      String queue = "arn:aws:sqs:us-east-1:000000000000:deals-segments";
      denied(world, "sqs:SendMessage", queue, "backfill start --yes", "reindex start --yes");
      assertThat(world.runs().last()).isEmpty();

      Ran verified = DlqWorld.run("verify --settle 1s --local=" + world.endpoints());
      assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
      denied(world, "sqs:SendMessage", queue, "verify", "reindex start --yes");
      assertThat(world.runs().last()).isPresent();
    }
  }

  private void denied(DlqWorld world, String action, String resource, String... commands)
      throws Exception {
    var denied = new AtomicReference<>(action);
    Services here = world.services();
    Path file = directory.resolve("denied.json");
    try (var dynamoDb = denying(here.dynamodb(), denied, resource);
        var sqs = denying(here.sqs(), denied, resource);
        var _ =
            publish(
                file,
                new Services(here.lambda(), sqs.endpoint(), dynamoDb.endpoint(), here.search()))) {
      World before = World.of(world);
      for (String command : commands) {
        String needed = action.startsWith("sqs") || resource.endsWith("deals") ? action : resource;
        refused(DlqWorld.run(command + " --local=" + file), 3, "access denied: this needs", needed);
        assertThat(World.of(world)).as(command).isEqualTo(before);
      }
    }
  }

  @Test
  void aWorkerWithoutPermissionSaysSo() throws Exception {
    List<FaultProxy> proxies = new ArrayList<>();
    AtomicReference<String> action = new AtomicReference<>("dynamodb:Scan");
    String table = "arn:aws:dynamodb:us-east-1:123456789012:table/deals";
    try (var world =
        new DlqWorld(
            directory,
            ATTEMPT,
            aws -> {
              FaultProxy proxy = denying(aws.dynamoDb().endpoint(), action, table);
              proxies.add(proxy);
              return Map.of("AWS_ENDPOINT_URL_DYNAMODB", proxy.endpoint().toString());
            })) {
      String local = " --local=" + world.endpoints();
      world.put("deal-1", 1);
      world.awaitQuiet();
      assertThat(DlqWorld.run("backfill start --yes --detach" + local).exitCode()).isZero();
      DlqWorld.await(
          () -> DlqWorld.run("backfill status" + local).out().contains("16 segments wait"));
      assertThat(DlqWorld.run("backfill status" + local).out())
          .contains("AccessDeniedException: User: " + USER)
          .contains("is not authorized to perform: dynamodb:Scan on resource: " + table);

      action.set("dynamodb:Nothing");
      Ran resumed = DlqWorld.run("backfill resume" + local);
      assertThat(resumed.exitCode()).as(resumed.out() + resumed.err()).isZero();
    } finally {
      proxies.forEach(FaultProxy::close);
    }
  }

  @Test
  void anIndexOfAnotherStreamIsLeftAlone() throws Exception {
    try (var world = new DlqWorld(directory, ATTEMPT)) {
      String local = " --local=" + world.endpoints();
      world.put("deal-1", 1);
      world.awaitQuiet();
      for (String command : List.of("backfill start --yes", "verify --repair", "reindex start")) {
        refused(
            DlqWorld.run(command + " --stream visits" + local),
            2,
            "has no stream to visits; --stream takes one of deals");
      }
      JsonNode mapping = world.search().send("GET", "/deals-000001/_mapping", "");
      String meta = mapping.at("/deals-000001/mappings/_meta").toString();
      assertThat(meta).contains("\"table\":\"" + world.tableArn() + '"');
      String other = meta.replace(world.tableArn(), world.tableArn() + "-of-another-stack");
      world.search().send("PUT", "/deals-000001/_mapping", "{\"_meta\":" + other + "}");
      World before = World.of(world);
      for (String command :
          List.of(
              "backfill start --yes",
              "verify",
              "verify --repair",
              "reindex start --yes",
              "tombstones purge --yes")) {
        refused(
            DlqWorld.run(command + local),
            3,
            "deals-000001 is of another table, " + world.tableArn() + "-of-another-stack",
            "Give this stream an index of its own");
        assertThat(World.of(world)).as(command).isEqualTo(before);
      }
      assertThat(DlqWorld.run("status" + local).out()).contains("is of another table");

      world.search().send("PUT", "/deals-000001/_mapping", "{\"_meta\":{}}");
      Ran handedOver = DlqWorld.run("backfill start --yes" + local);
      assertThat(handedOver.exitCode()).as(handedOver.out() + handedOver.err()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"properties":{"amount":{"type":"no_such_type"}}}                  | no_such_type
          {"properties":{"amount":{"type":"text","analyzer":"no_analyzer"}}} | no_analyzer
          """)
  void aMappingThatTheEngineRefusesLeavesNoIndex(String mapping, String reason) throws Exception {
    try (var world = new DlqWorld(directory, ATTEMPT, _ -> Map.of("UTSUSHI_MAPPING", mapping))) {
      world.search().send("PUT", "/deals-000001", "{\"aliases\":{\"deals-write\":{}}}");
      world.put("deal-1", 1);
      world.awaitQuiet();
      World before = World.of(world);
      refused(
          DlqWorld.run("reindex start --yes --local=" + world.endpoints()),
          3,
          "cannot create deals-000002",
          reason,
          "Nothing was changed: mend that, deploy it, and start again");
      assertThat(World.of(world)).isEqualTo(before);
      assertThat(before.indexes().fieldNames()).toIterable().containsExactly("deals-000001");
    }
  }
}
