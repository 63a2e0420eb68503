package dev.utsushi.cli;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.WaitingChanges;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.testbed.comparison.TableKeys;
import dev.utsushi.testbed.comparison.TableKeys.KeyAttribute;
import dev.utsushi.testbed.pipeline.EmbeddedServers;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Runs a template, and prints what runs where. */
record Up(Template template, Bindings bindings, Terminal terminal) {
  private static final Duration PROBLEM_INTERVAL = Duration.ofMillis(500);

  /**
   * Runs the template until this thread is interrupted.
   *
   * @throws dev.utsushi.local.template.TemplateException if the template is refused
   * @throws InterruptedException when interrupted; everything has stopped then
   */
  void run() throws InterruptedException {
    RunningTemplate.check(template, bindings);
    try (var servers = EmbeddedServers.start(this::showStart);
        var running = RunningTemplate.start(servers, template, bindings)) {
      var endpoints =
          new LocalEndpoints.Services(
              running.lambdaApi().endpoint(),
              servers.sqs().endpoint(),
              servers.dynamoDb().endpoint(),
              servers.search().endpoint(),
              kinesis(running));
      try (var _ =
          LocalEndpoints.ofThisProcess(running.stackName(), endpoints)
              .publish(LocalEndpoints.defaultFile())) {
        print(running, endpoints);
        running.parts(RunningTemplate.Mapping.class).stream()
            .flatMap(mapping -> mapping.source().table().stream())
            .map(RunningTemplate.Table::name)
            .distinct()
            .map(name -> servers.dynamoDb().client().describeTable(it -> it.tableName(name)))
            .forEach(table -> terminal.line(putItem(endpoints.dynamodb(), table.table())));
        printProblems(running);
      }
    }
  }

  private static URI kinesis(RunningTemplate running) {
    return running.parts(RunningTemplate.Stream.class).isEmpty()
        ? URI.create("")
        : running.aws().kinesis().endpoint();
  }

  private void showStart(Duration waited) {
    terminal.status(
        "starting DynamoDB Local, OpenSearch and ElasticMQ … %d s".formatted(waited.toSeconds()));
  }

  private void print(RunningTemplate running, LocalEndpoints.Services endpoints) {
    terminal.line("DynamoDB  %s".formatted(endpoints.dynamodb()));
    terminal.line("SQS       %s".formatted(endpoints.sqs()));
    terminal.line("search    %s".formatted(endpoints.search()));
    terminal.line("Lambda    %s".formatted(endpoints.lambda()));
    running.parts(RunningTemplate.Table.class).forEach(this::print);
    for (var stream : running.parts(RunningTemplate.Stream.class)) {
      terminal.line(
          "Kinesis   %s at %s".formatted(stream.name(), running.aws().kinesis().endpoint()));
    }
    running.parts(RunningTemplate.Function.class).forEach(this::print);
    running.parts(RunningTemplate.Mapping.class).forEach(this::print);
    for (var mapping : running.parts(RunningTemplate.QueueMapping.class)) {
      terminal.line(
          "mapping   %s -> %s: batch size %d"
              .formatted(
                  mapping.queue().name(),
                  mapping.function().name(),
                  mapping.settings().batchSize()));
    }
    running.parts(RunningTemplate.Schedule.class).forEach(this::print);
    running
        .parts(RunningTemplate.Queue.class)
        .forEach(queue -> terminal.line("queue     %s".formatted(queue.url())));
    printNextSteps(running, endpoints);
  }

  private void print(RunningTemplate.Table table) {
    terminal.line("table     %s".formatted(table.name()));
    if (!table.streamArn().isEmpty()) {
      terminal.line("  stream  %s".formatted(table.streamArn()));
    }
  }

  private void print(RunningTemplate.Function function) {
    var configuration = function.function().configuration();
    terminal.line(
        "function  %s: %s, %d MB, %d s"
            .formatted(
                function.name(),
                configuration.handler(),
                configuration.memoryMegabytes(),
                configuration.timeout().toSeconds()));
  }

  private void print(RunningTemplate.Schedule schedule) {
    terminal.line(
        "schedule  %s -> %s%s"
            .formatted(
                schedule.expression(),
                schedule.queue().name(),
                schedule.runs() ? "" : ": does not run here, where only rates do"));
  }

  private void print(RunningTemplate.Mapping mapping) {
    var settings = mapping.settings();
    var retries = settings.maximumRetryAttempts();
    terminal.line(
        "mapping   %s -> %s: batch size %d, factor %d, %s retries, then %s"
            .formatted(
                mapping.source().name(),
                mapping.function().name(),
                settings.batchSize(),
                settings.parallelizationFactor(),
                retries.isPresent() ? retries.getAsInt() : "endless",
                mapping.onFailure().map(RunningTemplate.Queue::name).orElse("dropped")));
  }

  private void printNextSteps(RunningTemplate running, LocalEndpoints.Services endpoints) {
    URI dynamoDb = endpoints.dynamodb();
    terminal.text(getClass(), "up-next-steps.txt", endpoints.search(), dynamoDb, endpoints.sqs());
    running.parts(RunningTemplate.Table.class).stream()
        .findFirst()
        .ifPresent(
            table ->
                terminal.line(
                    "  aws dynamodb scan --endpoint-url %s --table-name %s --max-items 3"
                        .formatted(dynamoDb, table.name())));
    terminal.line(
        "  ./utsushi status --local      # do changes reach the index?\n"
            + "  ./utsushi dlq list --local    # changes that failed; then show, replay, purge");
  }

  /** Returns a command for the shell that writes an item with the table's own key. */
  static String putItem(URI dynamoDb, TableDescription table) {
    Map<String, Object> item = new LinkedHashMap<>();
    for (KeyAttribute key : TableKeys.of(table).attributes()) {
      String value =
          switch (key.type()) {
            case N -> "1";
            case B -> "bWluZQ==";
            case S, UNKNOWN_TO_SDK_VERSION -> "mine";
          };
      item.put(key.name(), Map.of(key.type().toString(), value));
    }
    item.put("note", Map.of("S", "hello"));
    return "  aws dynamodb put-item --endpoint-url %s --table-name %s --item '%s'"
        .formatted(dynamoDb, table.tableName(), DeadLetterJson.write(item).replace("'", "'\\''"));
  }

  private void printProblems(RunningTemplate running) throws InterruptedException {
    Set<String> printed = new HashSet<>();
    var waiting =
        new WaitingChanges(
            terminal,
            () ->
                running.parts(RunningTemplate.Mapping.class).stream()
                    .mapToLong(mapping -> mapping.running().counters().unsettledRecords())
                    .sum());
    while (true) {
      running.problems().stream().filter(printed::add).forEach(terminal::bad);
      waiting.look();
      Thread.sleep(PROBLEM_INTERVAL);
    }
  }
}
