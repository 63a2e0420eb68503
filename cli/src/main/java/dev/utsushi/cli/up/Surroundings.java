package dev.utsushi.cli.up;

import dev.utsushi.local.template.RunningTemplate;
import java.util.ArrayList;
import java.util.List;

/** Where everything is, and what to type to look at it. */
record Surroundings(RunningTemplate running) {
  private static final String TRY =
      """

      Everything is left running until Ctrl-C. Try:
        export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
        aws dynamodb list-tables --endpoint-url %2$s
        aws sqs list-queues --endpoint-url %3$s
        curl '%1$s/_cat/aliases?v'
        curl '%1$s/_search?size=3&pretty'
      """;

  List<String> lines() {
    var aws = running.aws();
    List<String> lines = new ArrayList<>();
    lines.add("DynamoDB  " + aws.dynamoDb().endpoint());
    lines.add("SQS       " + aws.sqs().endpoint());
    lines.add("search    " + running.aws().search().endpoint());
    lines.add("Lambda    " + running.lambdaApi().endpoint());
    running.parts(RunningTemplate.Table.class).forEach(table -> lines.add(line(table)));
    running.parts(RunningTemplate.Function.class).forEach(function -> lines.add(line(function)));
    running.parts(RunningTemplate.Mapping.class).forEach(mapping -> lines.add(line(mapping)));
    running.parts(RunningTemplate.QueueMapping.class).forEach(mapping -> lines.add(line(mapping)));
    running.parts(RunningTemplate.Queue.class).forEach(queue -> lines.add(line(queue)));
    TRY.formatted(
            running.aws().search().endpoint(), aws.dynamoDb().endpoint(), aws.sqs().endpoint())
        .lines()
        .forEach(lines::add);
    running.parts(RunningTemplate.Table.class).stream()
        .findFirst()
        .ifPresent(table -> lines.add(scan(table)));
    lines.add("  ./utsushi dlq list --local    # changes that failed; then show, replay, purge");
    return lines;
  }

  private static String line(RunningTemplate.Table table) {
    return "table     " + table.name() + (table.streamArn().isEmpty() ? "" : stream(table));
  }

  private static String stream(RunningTemplate.Table table) {
    return System.lineSeparator() + "  stream  " + table.streamArn();
  }

  private static String line(RunningTemplate.Function function) {
    var configuration = function.function().configuration();
    return "function  %s: %s, %d MB, %d s"
        .formatted(
            function.name(),
            configuration.handler(),
            configuration.memoryMegabytes(),
            configuration.timeout().toSeconds());
  }

  private static String line(RunningTemplate.Mapping mapping) {
    var settings = mapping.settings();
    String retries =
        settings.maximumRetryAttempts().isPresent()
            ? Integer.toString(settings.maximumRetryAttempts().getAsInt())
            : "endless";
    return "mapping   %s -> %s: batch size %d, factor %d, %s retries, then %s"
        .formatted(
            mapping.table().name(),
            mapping.function().name(),
            settings.batchSize(),
            settings.parallelizationFactor(),
            retries,
            mapping.onFailure().map(RunningTemplate.Queue::name).orElse("dropped"));
  }

  private static String line(RunningTemplate.QueueMapping mapping) {
    return "mapping   %s -> %s: batch size %d"
        .formatted(
            mapping.queue().name(), mapping.function().name(), mapping.settings().batchSize());
  }

  private static String line(RunningTemplate.Queue queue) {
    return "queue     " + queue.url();
  }

  private String scan(RunningTemplate.Table table) {
    return "  aws dynamodb scan --endpoint-url %s --table-name %s --max-items 3"
        .formatted(running.aws().dynamoDb().endpoint(), table.name());
  }
}
