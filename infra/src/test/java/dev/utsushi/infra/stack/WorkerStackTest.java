package dev.utsushi.infra.stack;

import static dev.utsushi.infra.stack.PermissionsTest.statements;
import static dev.utsushi.infra.stack.Stacks.EXISTING_DOMAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awscdk.assertions.Match.absent;
import static software.amazon.awscdk.assertions.Match.arrayWith;
import static software.amazon.awscdk.assertions.Match.objectLike;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Template;

/** A stream that workers read. */
final class WorkerStackTest {
  private static final String IMAGE =
      "123456789012.dkr.ecr.eu-central-1.amazonaws.com/utsushi-worker:1";
  private static final String STREAM =
      "arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-11-01T00:00:00.000";
  private static final String WORKERS =
      """
      streams:
        - index: deals
          table:
            existing:
              arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
              streamArn: %s
              partitionKey: id
          consumer: worker
          worker: { image: "%s" }
      """
          .formatted(STREAM, IMAGE);

  @Test
  void workersReadTheStreamInPlaceOfAFunction() {
    Template template = template(WORKERS);
    assertThat(template.findResources("AWS::Lambda::Function").toString())
        .contains("CaptureHandler", "ReplayHandler", "RunHandler")
        .doesNotContain("ReplicationHandler");
    template.hasResourceProperties(
        "AWS::ECS::TaskDefinition",
        Map.of(
            "Cpu",
            "512",
            "Memory",
            "1024",
            "RuntimePlatform",
            Map.of("CpuArchitecture", "ARM64", "OperatingSystemFamily", "LINUX"),
            "ContainerDefinitions",
            List.of(
                objectLike(
                    Map.of(
                        "ReadonlyRootFilesystem",
                        true,
                        "User",
                        "65534:65534",
                        "StopTimeout",
                        90,
                        "Environment",
                        arrayWith(
                            List.of(
                                Map.of("Name", "UTSUSHI_STREAM_ARN", "Value", STREAM),
                                Map.of("Name", "UTSUSHI_WORKER_LANES", "Value", "10"),
                                Map.of("Name", "UTSUSHI_WORKER_RETRIES", "Value", "3"))))))));
  }

  @Test
  void theServiceKeepsWorkersWhileItIsDeployedAndRollsBack() {
    Template template = template(WORKERS);
    template.hasResourceProperties(
        "AWS::ECS::Service",
        Map.of(
            "DesiredCount",
            absent(),
            "DeploymentConfiguration",
            objectLike(
                Map.of(
                    "MinimumHealthyPercent",
                    100,
                    "DeploymentCircuitBreaker",
                    Map.of("Enable", true, "Rollback", true))),
            "NetworkConfiguration",
            Map.of("AwsvpcConfiguration", objectLike(Map.of("AssignPublicIp", "ENABLED")))));
    template.hasResourceProperties(
        "AWS::ApplicationAutoScaling::ScalableTarget", Map.of("MinCapacity", 1, "MaxCapacity", 4));
    template.resourceCountIs("AWS::EC2::NatGateway", 0);
    template.hasResourceProperties(
        "AWS::EC2::SecurityGroup", Map.of("SecurityGroupIngress", absent()));
  }

  @Test
  void inAVpcOfYoursTheyHaveNoPublicAddress() {
    Template template = template(Stacks.VPC + WORKERS);
    template.resourceCountIs("AWS::EC2::VPC", 0);
    template.hasResourceProperties(
        "AWS::ECS::Service",
        Map.of(
            "NetworkConfiguration",
            Map.of("AwsvpcConfiguration", objectLike(Map.of("AssignPublicIp", "DISABLED")))));
  }

  @Test
  void aStreamThatIsNotReadHasNoWorkerAndNoAlarmAboutIt() {
    Template template = template(WORKERS + "    enabled: false\n");
    template.hasResourceProperties("AWS::ECS::Service", Map.of("DesiredCount", 0));
    template.resourceCountIs("AWS::ApplicationAutoScaling::ScalableTarget", 0);
    assertThat(template.findResources("AWS::CloudWatch::Alarm").keySet())
        .noneMatch(name -> name.contains("AlarmsWorkers"));
  }

  @Test
  void noWorkerIsAnAlarmAndLambdasAlarmsAreNot() {
    Map<String, Map<String, Object>> alarms =
        template(WORKERS).findResources("AWS::CloudWatch::Alarm");
    assertThat(alarms.keySet())
        .anyMatch(name -> name.contains("AlarmsIteratorAge"))
        .noneMatch(name -> name.matches(".*Alarms(Throttles|Errors|Duration|DroppedEvents).*"));
    assertThat(alarms.entrySet())
        .filteredOn(alarm -> alarm.getKey().contains("AlarmsWorkers"))
        .singleElement()
        .asString()
        .contains("TreatMissingData=breaching", "LessThanThreshold", "SampleCount", "Utsushi");
  }

  /** The label has colons, which no table's name has. */
  @Test
  void workersMayDoWhatTheyDoAndNoMore() {
    String yaml = EXISTING_DOMAIN + WORKERS;
    assertThat(statements(yaml, "dealsWorker"))
        .filteredOn(statement -> !statement.startsWith("es:"))
        .anyMatch(
            it ->
                it.equals(
                    "dynamodb:DescribeStream,dynamodb:GetRecords,dynamodb:GetShardIterator "
                        + STREAM))
        .anyMatch(it -> it.equals("sqs:SendMessage dealsFailures"))
        .anyMatch(
            it ->
                it.equals(
                    "dynamodb:DeleteItem,dynamodb:DescribeTable,dynamodb:GetItem,dynamodb:PutItem,"
                        + "dynamodb:Scan,dynamodb:UpdateItem dealsCoordinatorState dealsLeases"))
        .hasSize(3);
    assertThat(statements(yaml, "dealsWorkerExecution"))
        .allMatch(it -> it.matches("(ecr:|logs:).*"))
        .anyMatch(it -> it.equals("ecr:GetAuthorizationToken *"))
        .hasSize(3);
    assertThat(tableNames(template(WORKERS)))
        .anyMatch(name -> name.matches(".*-2026-11-01T000000\\.000"))
        .anyMatch(name -> name.matches(".*-2026-11-01T000000\\.000-CoordinatorState"));
  }

  private static List<String> tableNames(Template template) {
    return new ObjectMapper()
        .valueToTree(template.findResources("AWS::DynamoDB::Table"))
        .findValuesAsText("TableName");
  }

  @Test
  void theHealthCheckNeedsNoClientInTheImage() throws Exception {
    String command =
        new ObjectMapper()
            .valueToTree(template(WORKERS).findResources("AWS::ECS::TaskDefinition"))
            .findValue("HealthCheck")
            .at("/Command/3")
            .asText();
    for (int status : List.of(200, 503)) {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/health",
          exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
      String here = command.replace("/8080", "/" + server.getAddress().getPort());
      assertThat(new ProcessBuilder("bash", "-c", here).start().waitFor() == 0)
          .isEqualTo(status == 200);
      server.stop(0);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThat(problems(WORKERS + "    batchSize: 10\n    parallelizationFactor: 3\n"))
        .containsExactly(
            "10: streams[0].batchSize has no effect on workers; set worker.batchSize",
            "11: streams[0].parallelizationFactor has no effect on workers; set worker.lanes");
    assertThat(problems(WORKERS + "    maximumRetryAttempts: -1\n"))
        .containsExactly(
            "10: streams[0].maximumRetryAttempts must be from 0 to 10000 for workers, not '-1': a"
                + " record that fails would stop its shard");
    assertThat(problems(WORKERS.replace(":1\" }", ":1\", memoryMib: 600, minimum: 5 }")))
        .containsExactlyInAnyOrder(
            "9: streams[0].worker.memoryMib must be a multiple of 1024 from 1024 to 4096 with a cpu"
                + " of 512, not '600'",
            "9: streams[0].worker.maximum must be at least worker.minimum, which is 5, not '4'");
    assertThat(problems(WORKERS.replace("consumer: worker", "consumer: lambda")))
        .containsExactly(
            "9: streams[0].worker has no effect: consumer is lambda; set it to worker");
    assertThat(
            problems(
                WORKERS + "    targets: [{ index: part, where: { entity: { S: [Action] } } }]\n"))
        .anyMatch(
            problem ->
                problem.endsWith(
                    "streams[0].targets needs a function, not workers: remove consumer and worker,"
                        + " or set index"));
    assertThat(problems(WORKERS.replaceAll("    worker: .*\n", "")))
        .containsExactly("8: streams[0].consumer needs worker.image; add a section worker");
    assertThat(problems(WORKERS.replace("-worker:1", "-worker")))
        .singleElement()
        .asString()
        .startsWith(
            "9: streams[0].worker.image must be the URI of an image with its tag or digest");
  }

  @Test
  void asManyStreamsWithWorkersAsTheSettingsAllowFitIntoAStack() {
    StringBuilder streams = new StringBuilder("streams:\n");
    for (int i = 0; i < 9; i++) {
      streams.append(
          "  - { index: i%d, table: { create: { partitionKey: id } }, consumer: worker, worker: { image: '%s' } }\n"
              .formatted(i, IMAGE));
    }
    String defaults = "defaults: { secondChanceSeconds: 60, " + Stacks.SCHEDULES + " }\n";
    Template template = Stacks.template(Stacks.TOPIC + Stacks.SEARCH + defaults + streams);
    assertThat((Map<?, ?>) template.toJSON().get("Resources")).hasSizeLessThanOrEqualTo(500);
  }

  private static Template template(String streams) {
    return Stacks.template(EXISTING_DOMAIN + streams);
  }

  private static List<String> problems(String streams) {
    List<Problem> problems = Stacks.problems(streams + EXISTING_DOMAIN);
    return problems.stream().map(problem -> problem.line() + ": " + problem.what()).toList();
  }
}
